import re
from html.parser import HTMLParser
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.richtext import for_display, formula_markup, image_ids, plain_text, sanitise

IMAGE = UUID('0b0e9f6e-1111-4222-8333-123456789abc')

HOSTILE = [
    '<script>alert(1)</script>',
    '<SCRIPT SRC=http://canary.invalid/x.js></SCRIPT>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<script/xss src="http://canary.invalid"></script>',
    '<<script>alert(1);//<</script>',
    '<script\x00>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<img src="/files/0b0e9f6e-1111-4222-8333-123456789abc" onload=alert(1)>',
    '<img src="javascript:alert(1)">',
    '<img src="http://canary.invalid/?q=secret">',
    '<img src="//canary.invalid/x">',
    '<img src="/files/../../etc/passwd">',
    '<img src="file:///etc/passwd">',
    '<img src="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+">',
    '<img srcset="http://canary.invalid/x 1x" src="/files/0b0e9f6e-1111-4222-8333-123456789abc">',
    '<img """><script>alert(1)</script>">',
    '<img src=`x` onerror=`alert(1)`>',
    '<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>',
    '<img src="/files/0b0e9f6e-1111-4222-8333-123456789abc\n" alt="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href=" \x01javascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//canary.invalid/">x</a>',
    '<a href="\\\\canary.invalid\\share">x</a>',
    '<a href="/\\canary.invalid">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="#" onclick="alert(1)">x</a>',
    '<a href="http://ok.example" style="background:url(http://canary.invalid)">x</a>',
    '<a ping="http://canary.invalid" href="/ok">x</a>',
    '<svg onload=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
    '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><maction actiontype="statusline#http://x" xlink:href="javascript:alert(1)">x</maction></math>',
    '<math href="javascript:alert(1)">x</math>',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="javascript:alert(1)">',
    '<link rel=stylesheet href=http://canary.invalid/x.css>',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<base href="http://canary.invalid/">',
    '<style>@import url(http://canary.invalid);</style>',
    '<style>body{background:url(http://canary.invalid)}</style>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p style="position:fixed;inset:0">x</p>',
    '<div onmouseover="alert(1)">x</div>',
    '<body onload=alert(1)>',
    '<input autofocus onfocus=alert(1)>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<form action="http://canary.invalid"><input name=q></form>',
    '<details open ontoggle=alert(1)>',
    '<video src=x onerror=alert(1)></video>',
    '<audio src=x onerror=alert(1)>',
    '<video><source onerror="alert(1)"></video>',
    '<marquee onstart=alert(1)>x</marquee>',
    '<table background="javascript:alert(1)"><tr><td>x</td></tr></table>',
    '<td background="http://canary.invalid/">',
    '<table><caption><script>alert(1)</script></caption></table>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<textarea><script>alert(1)</script></textarea>',
    '<title><img src=x onerror=alert(1)></title>',
    '<template><script>alert(1)</script></template>',
    '<xmp><img src=x onerror=alert(1)></xmp>',
    '<plaintext><img src=x onerror=alert(1)>',
    '<!--[if IE]><script>alert(1)</script><![endif]-->',
    '<!--><img src=x onerror=alert(1)>-->',
    '<![CDATA[<img src=x onerror=alert(1)>]]>',
    '<?xml version="1.0"?><script>alert(1)</script>',
    '<isindex action="javascript:alert(1)" type=image>',
    '<p id="location" name="cookie">clobber</p>',
    '<a id=defaultView href="/x" name=document>x</a>',
    '<span class="formula" data-tex="\\href{javascript:alert(1)}{x}">x</span>',
    '<span class="formula" data-tex="\\text{<img src=x onerror=alert(1)>}">x</span>',
    '<span class="formula" data-tex=\'"><script>alert(1)</script>\'>x</span>',
    '<span class="formula" data-tex="\\style{background:url(http://canary.invalid)}{x}">x</span>',
    '<span class="formula" data-tex="\\class{q-dialog}{x}">x</span>',
    '<aside class="callout q-dialog fixed-full" onclick=alert(1)>x</aside>',
    '<code class="language-python evil">x</code>',
    '<aside class="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</aside>',
]
FRAGMENTS = [
    '<p>',
    '</p>',
    '<b>',
    '</b>',
    '<div>',
    '</div>',
    '<ul><li>',
    '<table>',
    '<td>',
    '</table>',
    'a < b',
    '&amp;',
    '&lt;script&gt;',
    '\xa0',
    '<pre>\n',
    '</pre>',
    '<span>',
    '</span>',
    '<h1>',
    '</h1>',
    '<a href="/x">',
    '</a>',
]
ALLOWED_TAGS = {
    'h2',
    'h3',
    'h4',
    'p',
    'ul',
    'ol',
    'li',
    'strong',
    'em',
    'u',
    's',
    'sub',
    'sup',
    'code',
    'pre',
    'blockquote',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'a',
    'img',
    'figure',
    'figcaption',
    'br',
    'hr',
    'aside',
    'span',
}
MATHML_TAGS = {'math', 'mrow', 'mi', 'mo', 'mn', 'mtext', 'msup', 'mfrac', 'mstyle'}


@pytest.mark.parametrize('payload', HOSTILE)
@pytest.mark.parametrize('wrap', ['{}', '<p>{}</p>', '<table><tr><td>{}</td></tr></table>', '<pre><code>{}'])
def test_hostile_markup_is_reduced_to_the_allowlist(payload: str, wrap: str) -> None:
    source = wrap.format(payload) if payload.count('{') == 0 else wrap.replace('{}', payload)
    stored = sanitise(source)
    assert _strangers(stored, ALLOWED_TAGS) == []
    assert sanitise(stored) == stored
    shown = for_display(source)
    assert _strangers(shown, ALLOWED_TAGS | MATHML_TAGS) == []
    assert sanitise(shown) == stored


@given(st.lists(st.sampled_from([*HOSTILE, *FRAGMENTS]), max_size=8))
def test_cleaning_twice_changes_nothing(pieces: list[str]) -> None:
    once = sanitise(''.join(pieces))
    assert sanitise(once) == once
    assert _strangers(once, ALLOWED_TAGS) == []


@pytest.mark.parametrize(
    'html',
    [
        '<p>Keep <strong>15 cm</strong> <em>clear</em>, <u>always</u>, H<sub>2</sub>O, x<sup>2</sup>, <s>old</s></p>',
        '<h2>Hoods</h2><h3>Use</h3><h4>Daily</h4><ul><li>one<ul><li>two</li></ul></li></ul><ol><li>a</li></ol>',
        '<table><thead><tr><th scope="col">Class</th></tr></thead><tbody><tr><td colspan="2">3</td></tr></tbody>'
        '</table>',
        f'<figure><img src="/files/{IMAGE}" alt="A hood &amp; its sash"><figcaption>The hood</figcaption></figure>',
        '<pre><code class="language-python">if a &lt; b:\n    print("&amp;")\n</code></pre>',
        '<p>Then <span class="formula" data-tex="\\frac{a}{b} &lt; 1">\\frac{a}{b} &lt; 1</span>.</p>',
        '<p><span class="formula display" data-tex="E=mc^2">E=mc^2</span></p>',
        '<aside class="callout warning"><p>Never alone.</p></aside><blockquote><p>So it says.</p></blockquote><hr>',
        '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer">out</a></p>',
        '<p><a href="/courses/1#block-2" rel="noopener noreferrer">in</a></p>',
    ],
)
def test_what_an_author_writes_survives_byte_for_byte(html: str) -> None:
    assert sanitise(html) == html


def test_what_older_editors_write_becomes_plain_lesson_markup() -> None:
    assert (
        sanitise('<div>one <b>two</b></div><div><i>three</i></div>')
        == '<p>one <strong>two</strong></p><p><em>three</em></p>'
    )
    assert sanitise('<h1>T</h1><span style="color:red">red</span>') == '<h2>T</h2>red'


def test_an_image_from_elsewhere_disappears() -> None:
    assert sanitise('<p>a<img src="https://example.org/x.png" alt="b">c</p>') == '<p>ac</p>'


def test_plain_text_keeps_blocks_apart_and_code_as_it_is() -> None:
    html = '<h2>Hood</h2><p>Keep  it\nclear.</p><ul><li>one</li><li>two</li></ul><pre><code>if a:\n    b</code></pre>'
    assert plain_text(html) == 'Hood\n\nKeep it clear.\n\none\ntwo\n\nif a:\n    b'


def test_plain_text_of_a_table_has_a_line_per_row() -> None:
    assert plain_text('<table><tr><th>a</th><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>') == 'a\tb\nc\td'


def test_images_are_named_once_in_order() -> None:
    tag = f'<img src="/files/{IMAGE}" alt="">'
    assert image_ids(tag + '<img src="/files/1" alt="">' + tag) == [IMAGE]


def test_formulas_become_mathml() -> None:
    assert formula_markup('x^2') == '<math display="inline"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    assert 'display="block"' in formula_markup('x^2', display=True)


@pytest.mark.parametrize('tex', ['\\frac{', '', '{' * 3000, '\\text{<script>alert(1)</script>}', '\\left( x', '}', '&'])
def test_a_formula_that_cannot_be_read_shows_its_source(tex: str) -> None:
    shown = formula_markup(tex)
    assert '<script' not in shown
    assert shown.startswith(('<code>', '<math'))


def _strangers(html: str, tags: set[str]) -> list[str]:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag not in tags:
                self.found.append(tag)
            for name, value in attrs:
                if name.startswith('on') or name in {'style', 'id', 'name', 'srcset', 'ping', 'xlink:href'}:
                    self.found.append(f'{tag}.{name}')
                if name == 'src' and not re.fullmatch(r'/files/[0-9a-f-]{36}', value or ''):
                    self.found.append(f'{tag}.src={value}')
                if name == 'href' and not re.match(r'https?://|mailto:|/(?![/\\])|#|[a-z0-9]+$', value or ''):
                    self.found.append(f'{tag}.href={value}')

        def handle_comment(self, data: str) -> None:
            self.found.append(f'comment {data}')

    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.found
