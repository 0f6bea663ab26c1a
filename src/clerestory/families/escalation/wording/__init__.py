"""The words of messages: templates, and the text of each channel made from them."""
