"""Everything lives under /simulator/, so that the helpdesk's server can proxy one prefix."""

from django.urls import include, path

urlpatterns = [
    path("simulator/graph/", include("simulator.graph.urls")),
    path("simulator/api/", include("simulator.machine.urls")),
    path("simulator/", include("simulator.phone.urls")),
]
