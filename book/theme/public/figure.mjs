/** Brings the figures of a page to life: reads the reader's choices, and draws again what the server drew first. */

const PAUSE = 150; // ms without a change before the new reading is said: a slider passes many values

async function start(figure) {
  const [module, response] = await Promise.all([
    import(`./figures/${figure.dataset.figure}.mjs`),
    fetch(figure.dataset.source),
  ]);
  const data = await response.json();
  const controls = new Map(module.controls(data).map((control) => [control.name, control]));
  const drawing = figure.querySelector('.figure-drawing');
  const reading = figure.querySelector('.figure-reading');
  const elements = figure.querySelectorAll('[data-control]');
  let state = module.opening(data);
  let timer;

  const show = () => {
    for (const element of elements) {
      const { name, kind, values, show = String } = controls.get(element.dataset.control);
      if (kind === 'button') continue;
      const index = values.indexOf(state[name]);
      if (kind === 'choice') {
        element.checked = Number(element.value) === index;
        continue;
      }
      const text = show(state[name]);
      element.value = index;
      element.setAttribute('aria-valuetext', text);
      element.nextElementSibling.textContent = text;
    }
    drawing.innerHTML = module.draw(data, state);
    clearTimeout(timer);
    timer = setTimeout(() => (reading.textContent = module.read(data, state)), PAUSE);
  };
  /** One use of one control: the module may have more to say about it than the new value. */
  const use = (name, index) => {
    const { values } = controls.get(name);
    const changed = values ? { ...state, [name]: values[index] } : state;
    state = module.act?.(data, changed, name) ?? changed;
    show();
  };

  figure.addEventListener('input', ({ target }) => use(target.dataset.control, Number(target.value)));
  figure.addEventListener('click', ({ target }) => {
    const button = target.closest('button[data-control]');
    if (button) use(button.dataset.control);
    // A part of the drawing may stand for a slider's value: for fingers, while keys have the slider.
    const mark = target.closest('[data-sets]');
    if (mark) use(mark.dataset.sets, Number(mark.dataset.index));
  });
  show();
  elements.forEach((element) => (element.disabled = false));
}

document.querySelectorAll('[data-figure]').forEach(start);
