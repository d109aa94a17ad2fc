
'use strict';
(() => {
  document.documentElement.classList.add('js');

  // For screen readers.
  function say(text) {
    document.getElementById('status').textContent = text;
  }

  // The overview: a button in each header sorts by its column. Empty cells come last. Rows stand in
  // groups while they are sorted by label.
  const table = document.getElementById('overview-table');
  const [flat, ...groups] = table ? table.tBodies : [];
  const groupOf = new Map(groups.flatMap((body) => Array.from(body.rows, (row) => [row, body])));
  const allRows = table ? Array.from(table.querySelectorAll('tbody tr:not(.group)')) : [];

  function valueOf(row, column, numeric) {
    const text = row.cells[column].dataset.value;
    if (text === undefined) return undefined;
    return numeric ? Number(text) : text;
  }

  function compare(a, b) {
    return typeof a === 'number' ? a - b : a.localeCompare(b, undefined, {numeric: true});
  }

  function sortBy(header) {
    const column = header.cellIndex;
    const numeric = header.dataset.kind === 'number';
    const rising = header.getAttribute('aria-sort') !== 'ascending';
    const rows = allRows.map((row) => ({row, value: valueOf(row, column, numeric)}));
    rows.sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return (a.value === undefined) - (b.value === undefined);
      }
      return rising ? compare(a.value, b.value) : compare(b.value, a.value);
    });
    const grouped = groups.length > 0 && header.textContent === 'Label';
    for (const {row} of rows) {
      const body = grouped ? groupOf.get(row) : flat;
      body.append(row);
      if (grouped) table.append(body);
    }
    for (const body of groups) body.hidden = !grouped;
    for (const other of table.tHead.querySelectorAll('[aria-sort]')) {
      other.setAttribute('aria-sort', 'none');
    }
    header.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    say(`Sorted by ${header.textContent.trim()}, ${rising ? 'ascending' : 'descending'}`);
  }

  for (const button of table ? table.tHead.querySelectorAll('button') : []) {
    button.disabled = false;
    button.addEventListener('click', () => sortBy(button.parentElement));
  }

  const SVG = 'http://www.w3.org/2000/svg';

  function clock(seconds) {
    const tenths = Math.round(10 * seconds);
    const rest = (tenths % 600) / 10;
    return `${Math.floor(tenths / 600)}:${rest < 10 ? '0' : ''}${rest}`;
  }

  // A time axis like that of the whole picture, for a part of it.
  function marksOf(begin, end, unit) {
    const power = 10 ** Math.floor(Math.log10((end - begin) / 8));
    const step = [1, 2, 5, 10].map((n) => n * power).find((s) => (end - begin) / s <= 8);
    const marks = [];
    for (let n = Math.ceil(begin / step); n * step <= end; ++n) {
      const x = `${(100 * (n * step - begin)) / (end - begin)}%`;
      const line = document.createElementNS(SVG, 'line');
      const text = document.createElementNS(SVG, 'text');
      for (const [name, value] of [['x1', x], ['x2', x], ['y1', 0], ['y2', 4]]) line.setAttribute(name, value);
      for (const [name, value] of [['x', x], ['y', '1.4em'], ['text-anchor', 'middle']]) text.setAttribute(name, value);
      text.textContent = unit === 'min:s' ? clock(n * step) : `${Number((n * step).toFixed(6))}`;
      marks.push(line, text);
    }
    return marks;
  }

  // A picture: the opacity of the map, and the part that is shown.
  function connectPicture(figure) {
    const layers = figure.querySelector('.layers');
    const strip = figure.querySelector('.strip');
    const axis = figure.querySelector('.axis.bottom');
    const whole = {begin: Number(layers.dataset.begin), end: Number(layers.dataset.end)};
    const marks = Array.from(axis.childNodes);
    figure.querySelector('input[type="range"]').addEventListener('input', (event) => {
      figure.querySelector('.map').style.opacity = event.target.value / 100;
    });
    return {
      whole,
      marks: figure.querySelector('.marks'),
      playhead: figure.querySelector('.playhead'),
      timeOf(event) {
        const box = strip.getBoundingClientRect();
        return whole.begin + ((event.clientX - box.left) / box.width) * (whole.end - whole.begin);
      },
      show(part) {
        const {begin, end} = part ?? whole;
        const scale = 100 / (end - begin);
        strip.style.width = `${scale * (whole.end - whole.begin)}%`;
        strip.style.left = `${scale * (whole.begin - begin)}%`;
        strip.classList.toggle('zoomed', Boolean(part));
        axis.replaceChildren(...(part ? marksOf(begin, end, layers.dataset.unit) : marks));
      },
    };
  }

  // The windows of a long recording: the button of each shows it large, in all its pictures.
  function connectWindows(result, pictures) {
    const windows = Array.from(result.querySelectorAll('.windows tbody button'));
    if (windows.length === 0) return;
    const box = result.querySelector('.windows');
    let now = -1;  // the whole recording
    const choose = (chosen) => {
      now = chosen;
      for (const button of windows) button.setAttribute('aria-pressed', button === windows[now]);
      const part = windows[now] && {begin: Number(windows[now].dataset.begin), end: Number(windows[now].dataset.end)};
      for (const picture of pictures) picture.show(part);
      if (part) box.scrollTop = windows[now].closest('tr').offsetTop - box.clientHeight / 2;
      say(part ? `Shows window ${now + 1}, ${part.begin} to ${part.end} seconds` : 'Shows the whole recording');
    };
    const toggle = (index) => choose(index === now ? -1 : index);
    windows.forEach((button, index) => {
      button.disabled = false;
      button.setAttribute('aria-pressed', 'false');
      button.addEventListener('click', () => toggle(index));
    });
    const own = pictures.find(({marks}) => result.contains(marks));
    own.marks.addEventListener('dblclick', (event) => {
      const time = own.timeOf(event);
      toggle(windows.findLastIndex((button) => Number(button.dataset.begin) <= time));
    });
    for (const button of result.querySelectorAll('.zoom button')) {
      const step = Number(button.dataset.step);
      button.disabled = false;
      button.addEventListener('click', () => {
        const next = now < 0 && step < 0 ? windows.length - 1 : now + step;
        choose(step === 0 || next >= windows.length ? -1 : next);
      });
    }
  }

  // The sounds of a recording and of its parts, and their position in the pictures. One plays at a
  // time, and goes on where the last one stopped.
  function connectSounds(sounds, pictures) {
    const begin = Math.min(...pictures.map((picture) => picture.whole.begin));
    let now = sounds[0];
    const timeOf = (audio) => audio.currentTime + Number(audio.dataset.begin);
    function seek(audio, time) {
      audio.currentTime = Math.max(0, time - Number(audio.dataset.begin));
    }
    function follow() {
      for (const {whole, playhead} of pictures) {
        const share = `${(100 * (timeOf(now) - whole.begin)) / (whole.end - whole.begin)}%`;
        playhead.setAttribute('x1', share);
        playhead.setAttribute('x2', share);
        playhead.classList.add('moved');
      }
      if (!now.paused && !now.ended) requestAnimationFrame(follow);
    }
    // A part of a recording plays from its beginning. A whole recording begins within its first frame.
    if (begin > 0.1) {
      now.addEventListener('loadedmetadata', () => { seek(sounds[0], begin); }, { once: true });
    }
    for (const audio of sounds) {
      audio.addEventListener('play', () => {
        if (audio === now) return;
        now.pause();
        if (!now.ended) seek(audio, timeOf(now));
        now = audio;
      });
      for (const event of ['play', 'seeked', 'pause']) {
        audio.addEventListener(event, () => { if (audio === now) follow(); });
      }
    }

    // For the keyboard, the player's own controls do the same.
    for (const {marks, timeOf: timeAt} of pictures) {
      marks.addEventListener('click', (event) => {
        seek(now, timeAt(event));
        follow();
      });
    }
  }

  for (const section of document.querySelectorAll('.recording')) {
    const pictures = Array.from(section.querySelectorAll('.picture'), connectPicture);
    for (const result of section.querySelectorAll('.result')) connectWindows(result, pictures);
    const sounds = Array.from(section.querySelectorAll('audio'));
    if (sounds.length > 0) connectSounds(sounds, pictures.filter(({whole}) => whole.end > whole.begin));
  }

  // The points of a space play their recordings in one player. Without scripts, they are links to them.
  for (const figure of document.querySelectorAll('.points')) {
    const audio = figure.querySelector('audio');
    for (const point of figure.querySelectorAll('a')) {
      point.addEventListener('click', (event) => {
        event.preventDefault();
        audio.hidden = false;
        audio.src = point.href.baseVal;
        audio.play();
        figure.querySelector('.chosen')?.classList.remove('chosen');
        point.classList.add('chosen');
        figure.querySelector('[role="status"]').textContent = `Plays ${point.getAttribute('aria-label')}`;
      });
    }
  }

  // Details cannot be opened on paper.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = Array.from(document.querySelectorAll('details:not([open])'));
    for (const details of closed) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of closed) details.open = false;
  });
})();
