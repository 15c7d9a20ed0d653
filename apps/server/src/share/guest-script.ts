/**
 * All that runs on guests' pages: a viewer with keyboard and touch, and further photos as one comes to them. Without it
 * photos open by themselves, and further ones on pages of their own.
 */
export const GUEST_SCRIPT = `'use strict';
(() => {
  const list = document.querySelector('.photos');
  const dialog = document.querySelector('dialog');
  if (list === null || dialog === null) return;
  const picture = dialog.querySelector('img');
  const movie = dialog.querySelector('video');
  const place = dialog.querySelector('.place');
  const gone = dialog.querySelector('.gone');
  const waits = dialog.querySelector('.waits');
  const links = () => [...list.querySelectorAll('a')];
  const total = Number(list.dataset.total);
  let at = 0;

  function show(index) {
    const all = links();
    if (index < 0 || index >= all.length) return;
    at = index;
    const { state, still } = all[at].parentElement.dataset;
    endMovie();
    const isMovie = still !== undefined && state === 'ready';
    gone.hidden = state !== 'failed';
    waits.hidden = state !== 'waiting';
    picture.hidden = state !== 'ready' || isMovie;
    movie.hidden = !isMovie;
    // What is there already stands in until it is loaded.
    picture.style.backgroundImage = state === 'ready' ? 'url("' + all[at].querySelector('img').src + '")' : '';
    if (isMovie) {
      movie.poster = still;
      movie.src = all[at].href;
      movie.setAttribute('aria-label', 'Video ' + (at + 1));
      // Some browsers wait for a tap on the video itself.
      movie.play().catch(() => undefined);
    } else if (state === 'ready') picture.src = all[at].href;
    else picture.removeAttribute('src');
    picture.alt = (still === undefined ? 'Photo ' : 'Still of video ') + (at + 1);
    place.textContent = (at + 1) + ' of ' + total;
    dialog.querySelector('.back').hidden = at === 0;
    dialog.querySelector('.on').hidden = at === all.length - 1;
    const next = all[at + 1];
    if (next !== undefined && next.parentElement.dataset.state === 'ready') {
      new Image().src = next.parentElement.dataset.still ?? next.href;
    }
    if (at > all.length - 6) more();
  }
  function endMovie() {
    if (!movie.hasAttribute('src')) return;
    movie.pause();
    movie.removeAttribute('src');
    movie.removeAttribute('poster');
    movie.load();
  }
  // Where the link has ended, the page says so.
  async function isOver() {
    const answer = await fetch(location.pathname).catch(() => undefined);
    if (answer === undefined || answer.ok) return false;
    location.reload();
    return true;
  }
  picture.addEventListener('error', async () => {
    if (!dialog.open || !picture.hasAttribute('src') || (await isOver())) return;
    picture.hidden = true;
    gone.hidden = false;
  });
  movie.addEventListener('error', async () => {
    const link = links()[at];
    if (!dialog.open || !movie.hasAttribute('src') || (await isOver()) || links()[at] !== link) return;
    endMovie();
    movie.hidden = true;
    picture.hidden = false;
    picture.src = link.parentElement.dataset.still;
    place.textContent = (at + 1) + ' of ' + total + ': a still, this browser does not play the video';
  });
  list.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
    show(links().indexOf(link));
  });
  dialog.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button === null) return;
    if (button.className === 'close') dialog.close();
    else show(at + (button.className === 'on' ? 1 : -1));
  });
  dialog.addEventListener('close', () => {
    endMovie();
    picture.removeAttribute('src');
    picture.style.backgroundImage = '';
    links()[at]?.focus();
  });
  // Of the page: a button that goes away takes the focus out of the dialog.
  document.addEventListener('keydown', (event) => {
    if (!dialog.open) return;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ' ': 1, Home: -at, End: links().length - 1 - at };
    const step = steps[event.key];
    if (step === undefined || (event.key === ' ' && event.target.tagName === 'BUTTON')) return;
    event.preventDefault();
    if (event.key === ' ' && !movie.hidden) {
      if (movie.paused) movie.play().catch(() => undefined);
      else movie.pause();
      return;
    }
    show(at + step);
  });
  let from;
  dialog.addEventListener('pointerdown', (event) => {
    // What is dragged at the bottom of a video is its time.
    if (event.target === movie && event.clientY > innerHeight - 90) return (from = undefined);
    from = event.isPrimary && event.pointerType !== 'mouse' ? { x: event.clientX, y: event.clientY } : undefined;
  });
  dialog.addEventListener('pointerup', (event) => {
    if (from === undefined || !event.isPrimary) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    from = undefined;
    if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) show(at + (x < 0 ? 1 : -1));
  });

  let loading = false;
  async function more() {
    const link = document.querySelector('a.more');
    if (link === null || loading) return;
    loading = true;
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const rest = list.querySelector('.rest');
      for (const item of page.querySelectorAll('.photos li:not(.rest)')) list.insertBefore(item, rest);
      shape();
      const next = page.querySelector('a.more');
      if (next === null) link.remove();
      else link.href = next.getAttribute('href');
      if (dialog.open) show(at);
    } finally {
      loading = false;
    }
  }
  // Faces of some are being covered: they are asked for until they are there.
  async function refresh(waiting) {
    const all = [...list.querySelectorAll('li[data-key]')];
    const from = Number(list.dataset.from) + all.indexOf(waiting);
    const answer = await fetch(location.pathname + '?from=' + from);
    if (!answer.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const item of page.querySelectorAll('.photos li[data-key]')) {
      const before = all.find((each) => each.dataset.key === item.dataset.key);
      if (before === undefined || before.dataset.state === item.dataset.state) continue;
      const img = item.querySelector('img');
      // Another address: what stood in for it may be remembered under the first.
      img.src = img.getAttribute('src') + '?' + item.dataset.state;
      before.dataset.state = item.dataset.state;
      before.querySelector('a').replaceChildren(...item.querySelector('a').childNodes);
      if (dialog.open && links()[at] === before.querySelector('a')) show(at);
    }
  }
  async function look() {
    const waiting = list.querySelector('li[data-state="waiting"]');
    if (waiting !== null) await refresh(waiting).catch(() => undefined);
    setTimeout(look, 2000);
  }
  function shape() {
    for (const item of list.querySelectorAll('li[data-ratio]')) item.style.setProperty('--ratio', item.dataset.ratio);
  }
  shape();
  setTimeout(look, 2000);
  const link = document.querySelector('a.more');
  if (link !== null) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      more();
    });
    new IntersectionObserver((entries) => {
      if (entries.some((each) => each.isIntersecting)) more();
    }, { rootMargin: '800px' }).observe(link);
  }
})();
`;
