'use strict';
// Shows the findings that fit the filter. Without this script the page shows all of them and no filter.
(() => {
  const bar = document.getElementById('filter');
  const field = (id) => document.getElementById('filter-' + id);
  const [text, state, area, severity, clear] = ['text', 'state', 'area', 'severity', 'clear'].map(field);
  const count = document.getElementById('count');
  if (!bar || !count) return;

  const plain = (el) => (el ? el.textContent : '').toLowerCase().replace(/\s+/g, ' ');
  const items = [...document.querySelectorAll('.item')].map((el) => ({
    el,
    head: [...el.querySelectorAll('.head, .meta, .todo')].map(plain).join(' '),
    details: el.querySelector('details'),
    blocks: [...el.querySelectorAll('.block')].map((block) => ({
      el: block,
      text: [...block.querySelectorAll('p, .shared')].map(plain).join(' '),
      rows: [...block.querySelectorAll('.objects > li')].map((row) => ({ el: row, text: plain(row) })),
    })),
  }));
  const objects = items.reduce((n, item) => n + item.blocks.reduce((m, b) => m + b.rows.length, 0), 0);
  const show = (el, yes) => el.classList.toggle('out', !yes);

  // fits shows what of an item has all the words, and returns how many objects that is; 0 hides it.
  const fits = (item, words) => {
    const { state: s, area: a, severity: v } = item.el.dataset;
    if ((state.value && s !== state.value) || (area.value && a !== area.value) || (severity.value && v !== severity.value)) return 0;
    let seen = 0;
    for (const block of item.blocks) {
      let inBlock = 0;
      for (const row of block.rows) {
        const yes = words.every((w) => item.head.includes(w) || block.text.includes(w) || row.text.includes(w));
        show(row.el, yes);
        if (yes) inBlock++;
      }
      show(block.el, inBlock > 0);
      seen += inBlock;
    }
    return seen;
  };

  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let findings = 0, found = 0;
    for (const item of items) {
      const n = fits(item, words);
      show(item.el, n > 0);
      if (item.details) item.details.open = n > 0 && words.length > 0;
      if (n > 0) findings++;
      found += n;
    }
    for (const group of document.querySelectorAll('.area')) show(group, group.querySelector('.item:not(.out)'));
    const message = findings ? count.dataset.some : count.dataset.none;
    count.textContent = message.replace('{a}', findings).replace('{b}', items.length).replace('{c}', found).replace('{d}', objects);
  };

  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 200); };
  const reset = () => { text.value = state.value = area.value = severity.value = ''; apply(); };
  text.addEventListener('input', soon);
  for (const el of [state, area, severity]) el.addEventListener('change', apply);
  clear.addEventListener('click', () => { reset(); text.focus(); });
  // A link to a finding that the filter hides shows everything again.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest('.out')) { reset(); target.scrollIntoView(); }
  };
  addEventListener('hashchange', follow);
  bar.hidden = false;
  reset();
})();
