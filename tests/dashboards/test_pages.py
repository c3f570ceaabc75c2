"""Every template is held to what its page declares."""

from dataclasses import fields
from importlib.resources import files

import jinja2
import pytest
from jinja2 import meta

import dashboards.routes  # noqa: F401  brings every page into the registry
from dashboards.pages import REGISTRY, environment, many, stretch

AROUND = {"frame", "static", "FATES", "CHOICES", "STATES"}


def templates():
    return [name for name in environment().list_templates() if not name.rpartition("/")[2].startswith("_")]


def test_every_template_belongs_to_a_page_and_every_page_has_one():
    assert sorted(REGISTRY) == sorted(templates())


@pytest.mark.parametrize("template", sorted(REGISTRY))
def test_a_template_shows_only_what_its_page_declares(template):
    source, _, _ = environment().loader.get_source(environment(), template)
    used = meta.find_undeclared_variables(environment().parse(source)) - AROUND - {"ui"}
    assert used <= {field.name for field in fields(REGISTRY[template])}


def test_what_is_not_declared_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("{{ nothing }}").render()


def test_no_page_holds_script_or_style_of_its_own():
    for name in environment().list_templates():
        source = files("dashboards").joinpath("templates", name).read_text(encoding="utf-8")
        assert "style=" not in source
        assert "<style" not in source
        assert "onclick" not in source
        assert "|safe" not in source.replace(" ", "")
        assert "http://" not in source
        assert "https://" not in source


def test_static_files_fetch_nothing_from_elsewhere():
    for file in files("dashboards").joinpath("static").iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text


@pytest.mark.parametrize(("asked", "got"), [(0, 1), (1, 1), (3, 3), (99, 3)])
def test_a_part_of_a_list_that_is_not_there_gives_the_nearest(asked, got):
    found = stretch(list(range(101)), asked)
    assert (found.number, found.pages, found.total) == (got, 3, 101)


def test_numbers_agree_with_their_things():
    assert [many(0, "voice"), many(1, "voice"), many(1200, "voice"), many(2, "person", "people")] == [
        "0 voices",
        "1 voice",
        "1,200 voices",
        "2 people",
    ]
