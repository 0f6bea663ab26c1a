"""Bots: the settings of one assistant, its admins and their invitations."""
