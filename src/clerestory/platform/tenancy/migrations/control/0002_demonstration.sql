-- When the demonstration data was loaded into public; it is loaded by itself only once, so that it can be deleted.
ALTER TABLE platform.template ADD COLUMN demonstrated timestamptz;
