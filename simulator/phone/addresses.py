"""What an address of the phone names."""

from django.shortcuts import get_object_or_404

from simulator.models import Chat, Customer, Number


def chat_at(wa_id: str, number_id: str) -> Chat:
    """The chat of the two, 404 when either is not known."""
    customer, number = get_object_or_404(Customer, pk=wa_id), get_object_or_404(Number, pk=number_id)
    return Chat.between(customer, number)
