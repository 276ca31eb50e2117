from django.urls import path

from harapan.web.certificates import batches, check, listed, needs, one, people, queue

urlpatterns = [
    path("", listed.page, name="certificates"),
    path("periksa/", check.check, name="certificate_check"),
    path("periksa/<str:code>/", check.check, name="certificate_checked"),
    path("angkatan/", batches.page, name="certificate_batches"),
    path("angkatan/<int:batch_id>/", batches.one, name="certificate_batch"),
    path("angkatan/<int:batch_id>/terbitkan/", batches.issue, name="certificate_issue"),
    path("angkatan/<int:batch_id>/semua.pdf", batches.file, name="certificate_batch_file"),
    path("<int:certificate_id>/", one.page, name="certificate"),
    path("<int:certificate_id>/versi/<int:version>/", one.file, name="certificate_file"),
    path("<int:certificate_id>/cabut/", one.take_back, name="certificate_revoke"),
    path("<int:certificate_id>/terbitkan-ulang/", one.issue_again, name="certificate_reissue"),
    path("kebutuhan/", needs.page, name="needs"),
    path("kebutuhan/orang/", needs.listed, name="needs_people"),
    path("kebutuhan/berkas/<str:form>/", needs.file, name="needs_file"),
    path("kebutuhan/orang/<int:person_id>/", people.page, name="needs_person"),
    path("kebutuhan/orang/<int:person_id>/luar/", people.record, name="external_new"),
    path("kebutuhan/luar/<int:external_id>/", people.scan, name="external_scan"),
    path("antrean/", queue.page, name="place_queue"),
    path("antrean/berkas/<str:form>/", queue.file, name="place_queue_file"),
    path("antrean/setujui/", queue.agree, name="place_plan_accept"),
]
