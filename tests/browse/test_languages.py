"""The addresses of a page in the other languages."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["//evil.example/", "/\\evil.example/", "/ar//evil.example/", "/ar/\\evil.example/"]
)
def test_no_address_of_a_missing_page_leads_to_another_site(address: str) -> None:
    answer = Client().get("/", PATH_INFO=address)
    assert answer.status_code == 404
    links = re.findall(r'href="([^"]*)" lang="(?:en|ar|he)"', answer.content.decode())
    assert len(links) == 3
    assert not [link for link in links if link[1:2] in ("/", "\\")]
