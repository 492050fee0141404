"""What people do about themselves."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F

from accounts.models import Availability, User
from accounts.queries import colleagues


def sign_out_everywhere(user: User) -> None:
    """End every browser session and every token of a person; open sockets notice within two seconds."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)


def choose_availability(user: User, *, availability: Availability) -> bool:
    """Keep what somebody says of themselves; whether it is something else than before."""
    changed = User.objects.filter(pk=user.pk).exclude(availability=availability).update(availability=availability)
    user.availability = availability
    return bool(changed)


def record_seen(seen: Mapping[UUID, datetime]) -> None:
    """Remember until when colleagues were connected; the newest time stands."""
    by_moment: defaultdict[datetime, list[UUID]] = defaultdict(list)
    for user_id, at in seen.items():
        by_moment[at].append(user_id)
    for at, user_ids in by_moment.items():
        colleagues().filter(pk__in=user_ids).exclude(last_seen_at__gt=at).update(last_seen_at=at)
