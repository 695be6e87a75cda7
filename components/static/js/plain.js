// Pages without a socket work without scripts, too; this only shows a typed password to whoever typed it.
for (const eye of document.querySelectorAll('#eye')) {
    eye.hidden = false;
    eye.addEventListener('click', () => {
        const field = document.getElementById('password'), show = field.type === 'password';
        field.type = show ? 'text' : 'password';
        eye.setAttribute('aria-pressed', show);
        eye.firstChild.textContent = show ? 'visibility_off' : 'visibility';
    });
}
