import io
import zipfile

import pytest

from listening import pipeline


@pytest.mark.parametrize("name", list(pipeline.FORMATS))
@pytest.mark.parametrize("whom", ["inside", "public"])
def test_a_leader_takes_every_format_along_as_the_pipeline_makes_it(as_role, told, name, whom):
    answer = as_role("leader").page(f"/exports/{whom}/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{whom}-')
    files = pipeline.export_files(told, name, public=whom == "public")
    if len(files) > 1:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            assert sorted(packed.namelist()) == sorted(files)
    said = b"teaspoons, please"
    assert (said in answer.content) == (whom == "inside" and name == "html")


def test_the_page_leads_to_every_format(as_role):
    page = as_role("leader").page("/exports").text
    for name in pipeline.FORMATS:
        assert f'href="/exports/inside/{name}"' in page
        assert f'href="/exports/public/{name}"' in page


@pytest.mark.parametrize("path", ["/exports/inside/docx", "/exports/all/csv"])
def test_what_is_not_there_is_said_so(as_role, path):
    assert as_role("leader").page(path).status_code == 404
