"""People and teams of a tenant."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenancy.ids import uuid7
from tenancy.models import SameTenantKey, Tenant, TenantModel, tenant_constraints


class Role(models.TextChoices):
    """What a person is in their tenant; permissions.py says what each may do."""

    ADMIN = "ADMIN", _("Administrator")
    SUPERVISOR = "SUPERVISOR", _("Supervisor")
    AGENT = "AGENT", _("Agent")


class Availability(models.TextChoices):
    """What a person says of themselves; whether they are connected is measured (realtime/presence.py)."""

    ONLINE = "online", pgettext_lazy("availability", "Online")
    AWAY = "away", pgettext_lazy("availability", "Away")
    BUSY = "busy", pgettext_lazy("availability", "Busy")
    OFFLINE = "offline", pgettext_lazy("availability", "Offline")


class UserManager(BaseUserManager["User"]):
    """Creates people; e-mail addresses are unique over the installation whatever their case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a usable password, or none when `password` is None."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Somebody of the installation itself: belongs to no tenant, sees all of them in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in ignores the case of the address, as its index does and throttling.py: `iexact` takes further letters
        for the same (ſ for s, ı for i).
        """
        return self.alias(address=Lower("email")).get(address=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: an agent of one tenant, or (without tenant) staff of the installation.

    Not a TenantModel: at sign-in the person is known before the tenant is. Everything else finds people
    through `queries.colleagues`, and rows that point to a person are held to its tenant by composite foreign keys.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, null=True, blank=True, related_name="users")
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.AGENT)
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: as the browser asks."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    availability = models.CharField(
        _("availability"), max_length=7, choices=Availability, default=Availability.ONLINE, editable=False
    )
    last_seen_at = models.DateTimeField(
        _("last seen at"), null=True, editable=False, help_text="When their last connection ended."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sign_outs = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often they signed out everywhere."
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (
            models.UniqueConstraint(
                Lower("email"), name="accounts_user_email", violation_error_message=_("This e-mail address is taken.")
            ),
            models.UniqueConstraint(fields=["tenant", "id"], name="accounts_user_tenant_id"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_installation_staff(self) -> bool:
        """Somebody who runs the installation and belongs to no tenant."""
        return self.is_staff and self.tenant_id is None

    @property
    def may_enter(self) -> bool:
        """Whether neither they nor their tenant have been deactivated."""
        return self.is_active and (self.tenant is None or self.tenant.is_active)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What cookies and tokens carry: a new password ends them, and so does signing out everywhere."""
        salt = f"accounts.models.User.{self.sign_outs}"
        return salted_hmac(salt, self.password, secret=secret, algorithm="sha256").hexdigest()


class Team(TenantModel):
    """Agents who share a queue."""

    name = models.CharField(_("name"), max_length=60)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    class Meta(TenantModel.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = (
            *tenant_constraints(),
            models.UniqueConstraint(fields=["tenant", "name"], name="accounts_team_name"),
        )

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """Who is in which team."""

    team = SameTenantKey(Team, models.CASCADE)
    user = SameTenantKey(User, models.CASCADE)

    class Meta(TenantModel.Meta):
        constraints = (
            *tenant_constraints("team", "user"),
            models.UniqueConstraint(fields=["team", "user"], name="accounts_membership_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"


class RevokedToken(models.Model):
    """A refresh token that was signed out before its time; kept until it would have expired."""

    jti = models.CharField(max_length=64, unique=True, help_text="The token's own id.")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("revoked token")
        verbose_name_plural = _("revoked tokens")

    def __str__(self) -> str:
        return self.jti
