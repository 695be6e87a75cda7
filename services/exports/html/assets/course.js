'use strict';
// Questions check themselves on this computer: nothing is sent or kept.
for (const form of document.querySelectorAll('form.quiz')) {
  const options = [...form.querySelectorAll('[data-right]')].filter((field) => field !== form);
  const typed = form.querySelector('[data-accepted]');
  const [check, again] = form.querySelectorAll('button');
  const said = form.querySelector('.said');
  const answer = form.querySelector('.answer');
  const plain = (text) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLocaleLowerCase();

  form.querySelector('.buttons').hidden = false;
  answer.hidden = true;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (typed ? !typed.value.trim() : !options.some((option) => option.checked)) {
      said.textContent = form.dataset.empty;
      return;
    }
    const right = typed ? checkTyped() : checkOptions();
    said.textContent = right ? form.dataset.wellDone : form.dataset.notYet;
    form.dataset.state = right ? 'right' : 'wrong';
    answer.hidden = false;
    answer.open = true;
    check.hidden = true;
    again.hidden = false;
    for (const field of [typed, ...options]) if (field) field.disabled = true;
    again.focus();
  });

  form.addEventListener('reset', () => {
    for (const field of [typed, ...options]) if (field) field.disabled = false;
    for (const option of options) mark(option, '', '');
    delete form.dataset.state;
    said.textContent = '';
    answer.open = false;
    answer.hidden = true;
    check.hidden = false;
    again.hidden = true;
    (typed || options[0]).focus();
  });

  function checkTyped() {
    return JSON.parse(typed.dataset.accepted).some((accepted) => plain(accepted) === plain(typed.value));
  }

  function checkOptions() {
    let right = true;
    for (const option of options) {
      const correct = option.dataset.right === '1';
      right = right && correct === option.checked;
      if (correct) mark(option, 'right', option.checked || option.type === 'radio' ? form.dataset.right : form.dataset.missed);
      else if (option.checked) mark(option, 'wrong', form.dataset.wrong);
    }
    return right;
  }

  function mark(option, state, verdict) {
    const label = option.closest('.option');
    label.classList.remove('right', 'wrong');
    if (state) label.classList.add(state);
    label.querySelector('.verdict').textContent = verdict;
  }
}
