"""What happens next: looking the behaviour up and using it up."""

from django.db import transaction

from simulator import statuses
from simulator.live import Change, audience
from simulator.models import Behaviour

EVERYBODY = ""


def of(customer_id: str) -> Behaviour:
    """The behaviour of this phone, else the one of all phones, else the normal one."""
    found = {row.customer: row for row in Behaviour.objects.filter(customer__in=[customer_id, EVERYBODY])}
    return found.get(customer_id) or found.get(EVERYBODY) or Behaviour()


def for_send(customer_id: str) -> Behaviour:
    """The behaviour for one send of the business; counts it."""
    behaviour = of(customer_id)
    _use_up(behaviour)
    return behaviour


def for_speech(customer_id: str) -> Behaviour:
    """The behaviour for one message of the customer; counts it only if it changes anything for such."""
    behaviour = of(customer_id)
    if behaviour.bends_webhooks:
        _use_up(behaviour)
    return behaviour


def _use_up(behaviour: Behaviour) -> None:
    """Count one message; after the last one the phone is back to normal."""
    if behaviour.remaining is None:
        return
    if behaviour.remaining > 1:
        Behaviour.objects.filter(pk=behaviour.pk).update(remaining=behaviour.remaining - 1)
    else:
        Behaviour.objects.filter(pk=behaviour.pk).delete()
    _announce()


def begin(behaviour: Behaviour) -> None:
    """From now on this happens; a phone that comes back online receives what waited."""
    with transaction.atomic():
        Behaviour.objects.filter(customer=behaviour.customer).delete()
        behaviour.pk = None
        behaviour.save(force_insert=True)
        if behaviour.outcome != Behaviour.Outcome.OFFLINE:
            statuses.back_online(behaviour.customer)
    _announce()


def end(customer_id: str) -> None:
    """Back to normal."""
    with transaction.atomic():
        Behaviour.objects.filter(customer=customer_id).delete()
        statuses.back_online(customer_id)
    _announce()


def _announce() -> None:
    transaction.on_commit(lambda: audience.tell(Change("behaviour")))
