from django.urls import path

from harapan.web.learned import follow_ups, following, linked, own, practices, problems

urlpatterns = [
    path("", own.page, name="my_courses"),
    path("sertifikat/<int:certificate_id>/", own.file, name="my_certificate"),
    path("luar/<int:external_id>/", own.scan, name="my_external"),
    path("umpan-balik/<int:enrolment_id>/", following.feedback, name="feedback"),
    path("umpan-balik/tautan/<str:token>/", linked.feedback, name="feedback_linked"),
    path("rtl/<int:enrolment_id>/", following.plan, name="follow_up"),
    path("rtl/<int:enrolment_id>/evaluasi/", following.check, name="follow_up_check"),
    path("tindak-lanjut/", follow_ups.page, name="follow_ups"),
    path("tindak-lanjut/peserta/<int:enrolment_id>/", follow_ups.of_guest, name="follow_up_of_guest"),
    path("tindak-lanjut/<int:plan_id>/", follow_ups.one, name="follow_up_one"),
    path("masalah/", problems.listed, name="problems"),
    path("masalah/baru/", problems.add, name="problem_new"),
    path("masalah/<int:problem_id>/", problems.one, name="problem"),
    path("praktik/", practices.listed, name="practices"),
    path("praktik/baru/", practices.add, name="practice_new"),
    path("praktik/<int:practice_id>/", practices.one, name="practice"),
    path("praktik/<int:practice_id>/lengkapi/", practices.change, name="practice_change"),
    path("praktik/<int:practice_id>/telaah/", practices.reviewed, name="practice_review"),
    path("praktik/<int:practice_id>/penerapan/", practices.copied, name="practice_copy"),
]
