"""Office files are zip archives that carry the hour of their making; frozen, the same content gives the same bytes."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def freeze(save: Callable[[BytesIO], None], target: Path) -> None:
    drawn = BytesIO()
    save(drawn)
    with ZipFile(drawn) as source, ZipFile(target, 'w') as frozen:
        for name in source.namelist():
            member = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = ZIP_DEFLATED
            frozen.writestr(member, source.read(name))
