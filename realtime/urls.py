"""Addresses of pages about the sockets."""

from django.urls import path

from realtime import views

urlpatterns = [
    path("debug/socket/", views.debug, name="socket_debug"),
]
