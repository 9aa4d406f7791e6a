"""Faults on order: what may go wrong between the carrier and the service, when somebody asks."""
