"""Finding or making the contacts behind a batch of arrivals, safely against the same strangers arriving elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from conversations import phones
from conversations.actions.arrivals import Identity, Person
from conversations.actions.changes import announce, lock, store_activity
from conversations.models import Contact, ContactIdentity, Conversation, IdentityKind
from events.emit import action
from tenancy.ids import uuid7
from tenancy.postgresql.prepared import Prepared, columns, loaded
from tenancy.scope import current_tenant_id

_KNOWN = Prepared(
    f"SELECT identity.kind, identity.value, identity.contact_id, {columns(Contact, 'contact')}"  # noqa: S608  columns of ours
    " FROM conversations_contactidentity AS identity"
    " LEFT JOIN conversations_contact AS contact"  # an identity is claimed before its contact is made
    " ON contact.tenant_id = identity.tenant_id AND contact.id = identity.contact_id"
    " WHERE identity.tenant_id = %s AND identity.value = ANY(%s::text[])"
)


class Directory:
    """Which contact owns which identity: `stored` as the table says, `aliases` as this batch implies.

    `contacts` holds the rows of all that were found.
    """

    def __init__(self, persons: Sequence[Person]) -> None:
        self.persons = list(dict.fromkeys(persons))
        self.stored: dict[Identity, UUID] = {}
        self.aliases: dict[Identity, UUID] = {}
        self.contacts: dict[UUID, Contact] = {}
        self.read()

    def read(self) -> None:
        """Look all identities up, in every spelling. A new statement sees what rivals have committed."""
        values = {spelling.value for person in self.persons for spelling in _spellings(person)}
        self.stored = {}
        for kind, value, contact_id, *contact in _KNOWN.rows(current_tenant_id(), list(values)):
            self.stored[Identity(IdentityKind(kind), value)] = contact_id
            if contact_id not in self.contacts and contact[0]:
                self.contacts[contact_id] = loaded(Contact, contact)

    def find(self, person: Person) -> UUID | None:
        """Exact matches first, in the person's order, then other spellings. Of two contacts, the first."""
        for directory in (self.stored, self.aliases):
            for identity in (*person.identities, *_spellings(person)):
                if identity in directory:
                    return directory[identity]
        return None

    @property
    def is_complete(self) -> bool:
        """Whether everybody is known by all their identities and their name: there is nothing to learn."""
        return all(map(self._knows, self.persons))

    def _knows(self, person: Person) -> bool:
        contact_id = self.find(person)
        contact = self.contacts.get(contact_id) if contact_id else None
        return bool(contact and self.stored.keys() >= set(person.identities) and not _is_renamed(contact, person))

    def owner(self, person: Person) -> UUID:
        """The contact of somebody who is known by now."""
        found = self.find(person)
        if found is None:
            raise LookupError(person)
        return found

    def contact(self, person: Person) -> Contact:
        """The row of `owner(person)`."""
        return self.contacts[self.owner(person)]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The contact of each person, and the ids of those whose profile name has changed."""

    contacts: dict[Person, Contact]
    renamed: set[UUID]


def resolve(directory: Directory) -> Resolved:
    """The contact of each person; strangers get one. Must run inside the transaction that stores their messages."""
    strangers = [person for person in directory.persons if directory.find(person) is None]
    created = _create(strangers, directory) if strangers else set()
    _learn(directory)
    renamed = _rename(directory, created)
    return Resolved({person: directory.contact(person) for person in directory.persons}, renamed)


def _spellings(person: Person) -> Iterable[Identity]:
    """The person's identities, and the other spellings of their phones."""
    for identity in person.identities:
        yield identity
        if identity.kind == IdentityKind.WA_ID:
            yield from (
                Identity(identity.kind, value) for value in sorted(phones.variants(identity.value) - {identity.value})
            )


def _create(strangers: Sequence[Person], directory: Directory) -> set[UUID]:
    """Claim an identity for each stranger; whoever loses the race to another transaction uses the winner's contact.

    The foreign key to the contact is checked at commit, so the identity can be claimed before the contact exists.
    Sorted, so that two batches with the same strangers wait for each other instead of dead-locking.
    """
    claims = _claims(strangers)
    rows = {claim.contact_id: claim for claim in claims.values()}
    ContactIdentity.objects.bulk_create(
        sorted(rows.values(), key=lambda row: (row.kind, row.value)), ignore_conflicts=True
    )
    directory.read()
    for identity, claim in claims.items():
        directory.aliases[identity] = directory.stored[Identity(IdentityKind(claim.kind), claim.value)]
    newcomers = {directory.owner(person): person for person in reversed(strangers)}
    ours = newcomers.keys() & rows.keys()
    created = [_newcomer(newcomers[contact_id], contact_id) for contact_id in sorted(ours)]
    directory.contacts |= {contact.pk: contact for contact in Contact.objects.bulk_create(created)}
    return ours


def _claims(strangers: Iterable[Person]) -> dict[Identity, ContactIdentity]:
    """One claim per stranger, under every spelling; persons who share an identity share the claim."""
    claims: dict[Identity, ContactIdentity] = {}
    for person in sorted(strangers, key=lambda each: each.identities):
        known = next((claims[identity] for identity in _spellings(person) if identity in claims), None)
        claim = known or ContactIdentity(
            kind=person.identities[0].kind, value=person.identities[0].value, contact_id=uuid7()
        )
        for identity in _spellings(person):
            claims.setdefault(identity, claim)
    return claims


def _newcomer(person: Person, contact_id: UUID) -> Contact:
    return Contact(pk=contact_id, name=person.name, phone=_phone(person))


def _phone(person: Person) -> str:
    """For people to read; empty for who shows none."""
    phone = next((identity.value for identity in person.identities if identity.kind == IdentityKind.WA_ID), "")
    return phones.for_people(phone)[:20]


def _learn(directory: Directory) -> None:
    """Remember identities that came along with known ones."""
    missing = {
        identity: directory.owner(person)
        for person in directory.persons
        for identity in person.identities
        if identity not in directory.stored
    }
    rows = [ContactIdentity(kind=each.kind, value=each.value, contact_id=missing[each]) for each in sorted(missing)]
    if rows:
        ContactIdentity.objects.bulk_create(rows, ignore_conflicts=True)
        directory.aliases |= missing


def _rename(directory: Directory, created: set[UUID]) -> set[UUID]:
    """Follow the profile names, unless an agent has written a better one, and take on the phones of who showed none."""
    renamed = {}
    for person in directory.persons:
        contact = directory.contact(person)
        if contact.pk in created:
            continue
        if _is_renamed(contact, person):
            contact.name = person.name
            renamed[contact.pk] = contact
        if not contact.phone and (phone := _phone(person)):
            contact.phone = phone
            renamed[contact.pk] = contact
    if renamed:
        Contact.objects.bulk_update([renamed[pk] for pk in sorted(renamed)], ["name", "phone"])
    return set(renamed)


def _is_renamed(contact: Contact, person: Person) -> bool:
    return bool(person.name) and not contact.name_is_ours and contact.name != person.name


@action
def add_identities(known: Sequence[Identity], new: Sequence[Identity]) -> UUID | None:
    """Let the contact that owns one of `known` answer to `new` too; what is somebody else's stays theirs.

    Returns the contact's id; None for somebody who is unknown, and stays so.
    """
    owners = {
        Identity(IdentityKind(row.kind), row.value): row.contact_id
        for row in ContactIdentity.objects.filter(value__in=[each.value for each in known])
    }
    contact_id = next((owners[each] for each in known if each in owners), None)
    if contact_id is None:
        return None
    rows = [ContactIdentity(kind=each.kind, value=each.value, contact_id=contact_id) for each in sorted(new)]
    ContactIdentity.objects.bulk_create(rows, ignore_conflicts=True)
    _follow_phone(contact_id, known, new)
    return contact_id


def _follow_phone(contact_id: UUID, known: Sequence[Identity], new: Sequence[Identity]) -> None:
    """Show the new phone of whoever had one of the known ones, or none: news may come late, and more than once."""
    phone = next((each for each in new if each.kind == IdentityKind.WA_ID), None)
    if phone is None or phone not in _owned(contact_id, new):
        return
    former = {"", *(phones.for_people(each.value)[:20] for each in known if each.kind == IdentityKind.WA_ID)}
    shown = phones.for_people(phone.value)[:20]
    rows = Contact.objects.filter(pk=contact_id, phone__in=former - {shown})
    if rows.update(phone=shown):
        _announce_contact(Contact.objects.get(pk=contact_id))


def _announce_contact(contact: Contact) -> None:
    rows = lock(Conversation.objects.filter(contact=contact).values_list("pk", flat=True))
    store_activity(rows.values())
    for row in rows.values():
        row.contact = contact
        announce(row, "title", "contact")


@action
def follow_identities(known: Sequence[Identity], new: Sequence[Identity]) -> None:
    """The contact that owns one of `known` goes by `new` from now on: replies follow them there."""
    contact_id = add_identities(known, new)
    if contact_id is None:
        return
    present = {each.kind: each.value for each in _owned(contact_id, new)}
    for former in known:
        if former.kind in present:
            conversations = Conversation.objects.filter(
                contact_id=contact_id, address_kind=former.kind, address=former.value
            )
            conversations.update(address=present[former.kind])


def _owned(contact_id: UUID, identities: Sequence[Identity]) -> set[Identity]:
    """Which of these are this contact's and not somebody else's."""
    rows = ContactIdentity.objects.filter(contact_id=contact_id, value__in=[each.value for each in identities])
    return {Identity(IdentityKind(row.kind), row.value) for row in rows} & set(identities)
