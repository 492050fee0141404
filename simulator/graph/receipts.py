"""Read receipts and typing indicators, which share the endpoint of sends."""

from simulator import statuses
from simulator.bodies import Json
from simulator.errors import invalid
from simulator.live import Change, audience
from simulator.models import Message


def take(body: Json) -> Json:
    """Mark the message and the earlier ones of its chat as read; show "typing" where asked.

    Ids from before the simulator's time (a seeded conversation) are taken without effect.
    """
    if body["status"] != "read" or not isinstance(body.get("message_id"), str):
        raise invalid("Param status must be 'read', with the message_id of a received message.")
    message = Message.objects.select_related("chat").filter(wamid=body["message_id"], is_from_customer=True).first()
    if message is not None:
        statuses.read_by_business(message)
        if body.get("typing_indicator"):
            audience.tell(Change("typing", message.chat.key))
    return {"success": True}
