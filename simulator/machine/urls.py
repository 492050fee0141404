"""Addresses of the machine API."""

from django.urls import path

from simulator.machine import behaviour, inbound, state, webhook

urlpatterns = [
    path("inbound", inbound.inbound),
    path("behaviour", behaviour.behaviour),
    path("messages", state.messages),
    path("queue", state.queue),
    path("exchanges", state.log),
    path("reset", state.reset),
    path("webhook", webhook.webhook),
]
