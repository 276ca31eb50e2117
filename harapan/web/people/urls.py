from django.urls import path

from harapan.web.people import deeds, views

urlpatterns = [
    path("", views.people, name="people"),
    path("baru/", deeds.add, name="person_new"),
    path("<int:user_id>/", views.person, name="person"),
    path("<int:user_id>/jabatan/", deeds.give_post, name="person_post"),
    path("<int:user_id>/jabatan/<int:post_id>/akhiri/", deeds.end_post, name="person_post_end"),
    path("<int:user_id>/jabatan/<int:post_id>/pengganti/", deeds.let_act, name="person_acting"),
    path("<int:user_id>/pengganti/<int:acting_id>/akhiri/", deeds.end_acting, name="person_acting_end"),
    path("<int:user_id>/sandi/", deeds.password, name="person_password"),
    path("<int:user_id>/langkah-kedua/", deeds.second_factor, name="person_second_factor"),
    path("<int:user_id>/nonaktif/", deeds.deactivate, name="person_deactivate"),
    path("<int:user_id>/aktif/", deeds.activate, name="person_activate"),
]
