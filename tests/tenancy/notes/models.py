"""Models to attack: folders of notes, by authors who, like users, may have no tenant."""

from django.db import models

from tenancy.models import SameTenantKey, TenantModel, tenant_constraints


class Author(models.Model):
    tenant = models.ForeignKey("tenancy.Tenant", models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "id"], name="notes_author_tenant_id")]

    def __str__(self) -> str:
        return self.name


class Folder(TenantModel):
    title = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        constraints = [
            *tenant_constraints(),
            models.UniqueConstraint(fields=["tenant", "title"], name="notes_folder_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Note(TenantModel):
    folder = SameTenantKey(Folder, models.CASCADE, related_name="notes")
    author = SameTenantKey(Author, models.SET_NULL, null=True, blank=True)
    reply_to = SameTenantKey("self", models.PROTECT, null=True, blank=True)
    text = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = tenant_constraints("folder", "author", "reply_to")

    def __str__(self) -> str:
        return self.text
