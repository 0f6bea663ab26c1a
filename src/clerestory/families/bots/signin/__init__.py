"""Sign-in: who a Facebook token belongs to, asked of Facebook at most once a minute, and never when it is down."""
