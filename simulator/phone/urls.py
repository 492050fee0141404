"""Addresses of the phone."""

from django.urls import path

from simulator.phone import controls, doings, media, pages, stream

urlpatterns = [
    path("", pages.home, name="home"),
    path("customers", pages.make_customer, name="customers"),
    path("media/<str:media_id>", media.medium, name="medium"),
    path("chats/<str:wa_id>/<str:number_id>/", pages.chat, name="chat"),
    path("chats/<str:wa_id>/<str:number_id>/thread", pages.thread, name="thread"),
    path("chats/<str:wa_id>/<str:number_id>/live", stream.stream, name="live"),
    path("chats/<str:wa_id>/<str:number_id>/messages", doings.speak, name="speak"),
    path("chats/<str:wa_id>/<str:number_id>/samples/<str:name>", doings.sample, name="sample"),
    path("chats/<str:wa_id>/<str:number_id>/mishaps/<str:name>", controls.mishap, name="mishap"),
    path("chats/<str:wa_id>/<str:number_id>/behaviour", controls.behaviour, name="behaviour"),
    path("chats/<str:wa_id>/<str:number_id>/behaviour/end", controls.end, name="behaviour-end"),
    path("messages/<int:pk>/reaction", doings.react, name="react"),
    path("messages/<int:pk>/choices/<int:place>", doings.choose, name="choose"),
    path("messages/<int:pk>/text", doings.edit, name="edit"),
    path("messages/<int:pk>/revocation", doings.revoke, name="revoke"),
]
