"""What public shows of escalation: the people of the documentation with their contacts, and a few logs."""

from clerestory.platform.database import Tx


async def demonstrate(tx: Tx) -> None:
    """Adds what is not there yet; a second time nothing."""
    await _contacts(tx)
    await _logs(tx)


async def _contacts(tx: Tx) -> None:
    await tx.execute(
        """
        INSERT INTO tenant.escalation_contact (person, consents, preferences)
        SELECT p.id, g.consents::jsonb, g.preferences
          FROM (VALUES
                ('andy.zane@example.org', '{"EMAIL": true, "SMS": false, "WHATSAPP": true}',
                 ARRAY['MINOR', 'MAJOR', 'CRITICAL']),
                ('becky.yates@example.org', '{"EMAIL": false, "SMS": false, "WHATSAPP": true}',
                 ARRAY['MAJOR', 'CRITICAL']),
                ('charlie.xavier@example.org', '{"EMAIL": true, "SMS": true, "WHATSAPP": true}',
                 ARRAY['CRITICAL'])
               ) AS g (email, consents, preferences)
          JOIN tenant.person AS p ON lower(p.email) = g.email
         ORDER BY p.id
            ON CONFLICT (person) DO NOTHING
        """
    )


async def _logs(tx: Tx) -> None:
    await tx.execute(
        """
        WITH given AS (
            SELECT code, message, severity, age
              FROM (VALUES
                    ('payment_declined', 'Card payments are declined by the bank', 'CRITICAL', interval '2 hours'),
                    ('500', 'Checkout answers with an error', 'MAJOR', interval '1 day'),
                    ('slow_search', 'A search took more than 3 seconds', 'LOW', interval '3 days')
                   ) AS g (code, message, severity, age)
        ), issue AS (
            INSERT INTO tenant.escalation_issue
                   (environment, application, code, first_seen, last_seen, count, low, minor, major, critical)
            SELECT 'PROD', 'ExampleApp', code, now() - age, now() - age, 1,
                   (severity = 'LOW')::int, 0, (severity = 'MAJOR')::int, (severity = 'CRITICAL')::int
              FROM given
                ON CONFLICT (environment, application, code) DO NOTHING
            RETURNING id, code, last_seen
        ), dated AS (
            INSERT INTO tenant.escalation_issue_day (issue, day, count)
            SELECT id, (last_seen AT TIME ZONE 'UTC')::date, 1
              FROM issue
        ), stored AS (
            INSERT INTO tenant.escalation_log (issue, log_key, severity, message, created)
            SELECT i.id, translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_'), g.severity, g.message,
                   i.last_seen
              FROM issue AS i
              JOIN given AS g ON g.code = i.code
            RETURNING id, log_key
        )
        INSERT INTO platform.escalation_log_key (log_key, tenant, log)
        SELECT log_key, 0, id
          FROM stored
        """
    )
