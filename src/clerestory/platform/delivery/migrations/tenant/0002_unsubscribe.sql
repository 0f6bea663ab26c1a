-- Where whoever gets a mail may end such mails by one request: its List-Unsubscribe.
ALTER TABLE tenant.delivery_message ADD COLUMN unsubscribe text;
