"""Requests that Django refuses before any view of ours sees them still get a page of the site."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("secure", [False, True])
def test_a_host_that_is_not_ours_gets_a_page_that_says_so(secure: bool) -> None:
    answer = Client(raise_request_exception=False).get("/about/", secure=secure, headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "The request could not be read." in answer.content.decode()
    assert "elsewhere.example" not in answer.content.decode()
