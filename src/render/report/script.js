
'use strict';
(() => {
  document.documentElement.classList.add('js');

  // The overview: a button in each header sorts by its column. Empty cells come last.
  const table = document.getElementById('overview-table');
  const said = document.getElementById('sorted');

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
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => ({row, value: valueOf(row, column, numeric)}));
    rows.sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return (a.value === undefined) - (b.value === undefined);
      }
      return rising ? compare(a.value, b.value) : compare(b.value, a.value);
    });
    body.append(...rows.map((entry) => entry.row));
    for (const other of table.tHead.rows[0].cells) other.setAttribute('aria-sort', 'none');
    header.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    said.textContent =
      `Sorted by ${header.textContent.trim()}, ${rising ? 'ascending' : 'descending'}`;
  }

  for (const header of table ? table.tHead.rows[0].cells : []) {
    const button = header.querySelector('button');
    button.disabled = false;
    button.addEventListener('click', () => sortBy(header));
  }

  // A recording: the opacity of the map, and the position of the sound.
  function connect(section) {
    const slider = section.querySelector('input[type="range"]');
    const layers = section.querySelector('.picture .layers');
    const map = layers.querySelector('.map');
    slider.addEventListener('input', () => {
      map.style.opacity = slider.value / 100;
    });

    const audio = section.querySelector('audio');
    if (!audio) return;
    const begin = Number(layers.dataset.begin);
    const end = Number(layers.dataset.end);
    if (!(end > begin)) return;
    const playhead = layers.querySelector('.playhead');
    const marks = layers.querySelector('.marks');

    function follow() {
      const share = `${(100 * (audio.currentTime - begin)) / (end - begin)}%`;
      playhead.setAttribute('x1', share);
      playhead.setAttribute('x2', share);
      playhead.classList.add('moved');
      if (!audio.paused && !audio.ended) requestAnimationFrame(follow);
    }
    // A part of a recording plays from its beginning. A whole recording begins within its first frame.
    if (begin > 0.1) {
      audio.addEventListener('loadedmetadata', () => { audio.currentTime = begin; }, { once: true });
    }
    for (const event of ['play', 'seeked', 'pause']) audio.addEventListener(event, follow);

    // For the keyboard, the player's own controls do the same.
    marks.addEventListener('click', (event) => {
      const box = marks.getBoundingClientRect();
      const time = begin + ((event.clientX - box.left) / box.width) * (end - begin);
      audio.currentTime = Math.max(0, time);
      follow();
    });
  }
  document.querySelectorAll('.recording').forEach(connect);

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
