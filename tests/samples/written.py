"""Course text with every element that a block may have, as the sanitiser writes it."""

_IMAGE = '/files/0b0e9f6e-1111-4222-8333-123456789abc'
EVERY_ELEMENT = (
    '<p>Plain words.</p>',
    '<h2>Hoods</h2><p>b</p><h3>Sashes</h3><p>d</p><h4>Heights</h4><p>f</p>',
    '<p><strong>bold <em>both</em></strong> <u>u</u> <s>s</s> H<sub>2</sub>O m<sup>2</sup> <code>x = 1</code></p>',
    '<ul><li>one</li><li>two<ul><li>deep<ol><li>deeper</li></ol></li></ul></li></ul>',
    '<ol><li>a</li><li><p>b</p><p>c</p></li></ol>',
    '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    '<table><tbody><tr><th scope="row">A</th><td colspan="2">1 &amp; 2</td></tr><tr><td rowspan="2">x</td><td>y</td>'
    '<td>z</td></tr><tr><td>p</td><td>q</td></tr></tbody></table>',
    '<table><thead><tr><th>A</th></tr></thead><tbody><tr><td><p>x</p><p>y</p></td></tr><tr><td></td></tr></tbody></table>',
    '<pre><code class="language-python">def f(x):\n    return x &lt; 1\n\n\tx = "a  b"\n</code></pre>',
    '<pre><code>plain\n  indent</code></pre>',
    '<p>E = <span class="formula" data-tex="mc^2 &lt; \\frac{a}{b}">mc^2 &lt; \\frac{a}{b}</span> so</p>',
    '<p><span class="formula display" data-tex="x^2">x^2</span></p>',
    '<p>See <a href="https://example.org/?a=1&amp;b=2#c" rel="noopener noreferrer">this <strong>page</strong></a> or '
    '<a href="mailto:a@b.example" rel="noopener noreferrer">mail</a>.</p>',
    '<aside class="callout warning"><p>Hot!</p><ul><li>very</li></ul></aside><aside class="callout"><p>Ask</p></aside>',
    '<blockquote><p>said</p><p>twice</p></blockquote>',
    '<p>one<br>two</p><hr>',
    '<p>non\xa0breaking &amp; &lt;tag&gt; "quotes" \'single\' é 漢字 🙂 مرحبا</p>',
)
WITH_IMAGES = (
    f'<p><img src="{_IMAGE}" alt="A &quot;fume&quot; hood"></p>',
    f'<figure class="wide"><img src="{_IMAGE}" alt="hood"><figcaption>Fig. 1: <em>hood</em></figcaption></figure>',
)
