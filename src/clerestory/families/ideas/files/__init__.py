"""Files of ideas, comments and members: taken in, looked at, shown as whole or as thumbnails."""
