"""The dovetail: our sign, where a document and a course join."""

LOGO = (
    '<svg viewBox="0 0 28 28" aria-hidden="true" focusable="false">'
    '<path class="cw-logo-a" d="M6.5 0h3.2v10.7L19.1 7v14l-9.4-3.7V28H6.5A6.5 6.5 0 0 1 0 '
    '21.5v-15A6.5 6.5 0 0 1 6.5 0z"/>'
    '<path class="cw-logo-b" d="M11.3 0h10.2A6.5 6.5 0 0 1 28 6.5v15a6.5 6.5 0 0 1-6.5 '
    '6.5H11.3v-8l9.6 3.7V4.3L11.3 8z"/>'
    '</svg>'
)

ART = (
    '<svg class="cw-art" viewBox="-1 -1 164 104" aria-hidden="true" focusable="false">'
    '<path class="cw-art-page" d="M0 0h73.5v31.5l26-9.5v58l-26-10.5V101H0z"/>'
    '<path class="cw-art-course" d="M79 0h82v101H79V78l26 9.5V14L79 24z"/>'
    '<path class="cw-art-lines" d="M14 20.5h43M14 34.5h37M14 48.5h67M14 62.5h53M14 76.5h31"/>'
    '<path class="cw-art-marks" d="M120 34.5h26M120 48.5h26M120 62.5h16"/>'
    '</svg>'
)
