"""The Graph API's addresses, with or without a version in front."""

from django.urls import include, path, re_path

from simulator.graph import media, messages, nodes, templates

endpoints = [
    path("<str:number_id>/messages", messages.messages),
    path("<str:number_id>/media", media.upload),
    path("<str:number_id>/register", nodes.register),
    path("<str:waba_id>/phone_numbers", nodes.phone_numbers),
    path("<str:waba_id>/subscribed_apps", nodes.subscribed_apps),
    path("<str:waba_id>/message_templates", templates.message_templates),
    path("<str:object_id>", nodes.node),
]

urlpatterns = [
    # What Meta serves from another host, lookaside.fbsbx.com.
    path("attachments/<str:ticket>", media.download, name="attachment"),
    re_path(r"^v\d+\.\d+/", include(endpoints)),
    path("", include(endpoints)),
]
