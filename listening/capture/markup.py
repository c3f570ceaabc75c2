"""XML from strangers, parsed without fetching, expanding or trusting anything in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from listening.errors import Refused

_DAMAGED: Final = "A part of this file cannot be understood. Open it in the program it was made with and save it again."
_ENTITIES: Final = "This file holds declarations that no document needs. It was not opened. Save it anew."


def parse(data: bytes) -> etree._Element:
    """The root of a document; raises Refused where it is no XML or declares a document type, whose entities could grow.

    Depth and sizes are bounded by the parser itself (256 levels, 10 MB a text).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Refused(_DAMAGED) from error
    if getattr(root.getroottree().docinfo, "doctype", None):
        raise Refused(_ENTITIES)
    return root


def declares_a_type(data: bytes) -> None:
    """Raise Refused where XML that another library is to parse declares a document type or entities."""
    plain = data.replace(b"\x00", b"")  # in UTF-16, too
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refused(_ENTITIES)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without its namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name."""
    return next((each for each in element if local(each) == name), None) if element is not None else None


def below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Every element of that name under this one."""
    return element.iterfind(f".//{{*}}{name}")
