"""Addresses of the board, and of a conversation beside it."""

from django.urls import path

from kanban import views

urlpatterns = [
    path("", views.board, name="board"),
    path("boards/<uuid:board_id>/", views.board, name="board_at"),
    path("boards/<uuid:board_id>/counts/", views.counts, name="board_counts"),
    path("columns/<uuid:column_id>/cards/", views.column_cards, name="column_cards"),
    path("cards/<uuid:conversation_id>/move/", views.move, name="card_move"),
    path("conversations/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("fragments/", views.fragments, name="fragments"),
]
