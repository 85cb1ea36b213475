"""The files that pages are made with."""

from service.console.static_files import FILES, HERE, address


def test_each_file_of_the_folder_has_an_address_of_its_own() -> None:
    """What is served is what lies there, and no two addresses are one."""
    assert {path.name for path in HERE.iterdir()} == set(FILES)
    assert len({address(name) for name in FILES}) == len(FILES)
    assert all((HERE / name).read_text("utf-8") == each.text for name, each in FILES.items())
