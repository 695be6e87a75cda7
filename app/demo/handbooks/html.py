"""Sets a manuscript as one web page."""

from html import escape
from pathlib import Path

from app.demo.handbooks.manuscript import Manuscript, render_html


def write(manuscript: Manuscript, target: Path) -> None:
    target.write_text(
        _PAGE.format(
            title=escape(manuscript.title),
            author=escape(manuscript.organisation),
            subtitle=escape(manuscript.subtitle),
            body=render_html(manuscript.markdown),
        ),
        encoding='utf-8',
    )


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="author" content="{author}">
<title>{title}</title>
<style>
body {{ font: 17px/1.55 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse }}
th, td {{ border: 1px solid #c9d3d6; padding: .3rem .7rem; text-align: left }}
blockquote {{ border-left: 4px solid #c77700; margin-left: 0; padding-left: 1rem; font-weight: 600 }}
</style>
</head>
<body>
<header><p>{author} · {subtitle}</p></header>
<main>
{body}</main>
</body>
</html>
"""
