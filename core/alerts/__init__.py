"""Alerts: made from what a batch showed, raised once, sent to whoever the operator names.

Nothing here keeps state: an alert is open, acknowledged, muted or resolved by what the log of a deployment
says (``ledger``), and ``rounds`` gives the events that follow from a batch. ``sinks`` alone reaches outside.
"""
