"""Webhooks over HTTP: how they are written, signed, carried, retried and given up."""
