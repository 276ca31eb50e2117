from django.urls import path

from harapan.web.home import views

urlpatterns = [path("", views.landing, name="home")]
