"""Addresses of signing in and out, and of what people keep of themselves."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("account/", views.Account.as_view(), name="account"),
    path("account/sign-outs/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("language/", views.choose_language, name="language"),
]
