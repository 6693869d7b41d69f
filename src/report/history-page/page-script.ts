// The history page's own script, as text. It draws the numbers that stand in the page and filters its
// tables; it makes elements only through the chart library and text only through textContent.

export const PAGE_SCRIPT = `
(function () {
  'use strict'
  var gates = JSON.parse(document.getElementById('data').textContent)
  var sections = Array.from(document.querySelectorAll('section[data-gate]'))
  var control = function (id) { return document.getElementById(id) }
  var UNITS = { error_rate: [100, '%'], cost_per_answer: [1000, '$ per 1,000 answers'] }
  var plots = []

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()
  }

  function rounded(value) {
    return String(Number(value.toPrecision(3)))
  }

  /* One row a run: time, then value, low and high of the accepted, then held, then changes. */
  function columns(runs, metric, scale) {
    var data = [[], [], [], [], [], []]
    runs.forEach(function (run) {
      var figure = run.figures[metric]
      var value = figure ? figure.value * scale : null
      var isAccepted = run.standing === 'accepted'
      data[0].push(Date.parse(run.startedAt) / 1000)
      data[1].push(isAccepted ? value : null)
      data[2].push(isAccepted && figure ? figure.low * scale : null)
      data[3].push(isAccepted && figure ? figure.high * scale : null)
      data[4].push(run.standing === 'held' ? value : null)
      data[5].push(run.standing === 'change' ? value : null)
    })
    return data
  }

  function sentence(run, metric, unit) {
    var figure = run.figures[metric]
    var standing = { accepted: 'accepted', held: 'kept apart', change: 'pull request' }[run.standing]
    var when = run.startedAt.slice(0, 16).replace('T', ' ')
    var what = figure
      ? rounded(figure.value * unit[0]) + ' ' + unit[1] + ' [' + rounded(figure.low * unit[0]) + ', ' + rounded(figure.high * unit[0]) + ']'
      : 'no figure'
    return when + ': ' + what + ', ' + standing + (run.commit ? ', ' + run.commit.slice(0, 7) : '') + (run.opensEpoch ? ', first of a new epoch' : '') + (run.step ? ', first after a step of ' + (run.step.change > 0 ? '+' : '−') + Math.abs(100 * run.step.change).toFixed(0) + ' %' : '')
  }

  /* A shape each, so that colour is not all that tells them apart. */
  function shapes(u) {
    [[4, 'held', Math.PI / 4], [5, 'change', 0]].forEach(function (kind) {
      u.data[kind[0]].forEach(function (value, index) {
        if (value === null) return
        var side = 9 * devicePixelRatio
        u.ctx.save()
        u.ctx.translate(u.valToPos(u.data[0][index], 'x', true), u.valToPos(value, 'y', true))
        u.ctx.rotate(kind[2])
        u.ctx.fillStyle = colour(kind[1])
        u.ctx.fillRect(-side / 2, -side / 2, side, side)
        u.ctx.restore()
      })
    })
  }

  /* Upright lines at some moments: dashed for accepted epochs, dotted for steps that were found. */
  function uprights(moments, name, dash) {
    return function (u) {
      var c = u.ctx
      c.save()
      c.strokeStyle = colour(name)
      c.lineWidth = 1.5 * devicePixelRatio
      c.setLineDash(dash.map(function (length) { return length * devicePixelRatio }))
      moments.forEach(function (moment) {
        var x = u.valToPos(Date.parse(moment) / 1000, 'x', true)
        if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return
        c.beginPath()
        c.moveTo(x, u.bbox.top)
        c.lineTo(x, u.bbox.top + u.bbox.height)
        c.stroke()
      })
      c.restore()
    }
  }

  function axis(label) {
    return { label: label, stroke: colour('faint'), grid: { stroke: colour('rule'), width: 1 }, ticks: { stroke: colour('rule') } }
  }

  /* A range of its own: a flat line or a single run still has an axis. */
  function range(isLog) {
    return function (u, low, high) {
      if (low === null) return isLog ? [1, 10] : [0, 1]
      if (isLog) return [low / 1.3, high * 1.3]
      return [0, high === 0 ? 1 : high * 1.1]
    }
  }

  function draw(index) {
    var gate = gates[index]
    var section = sections[index]
    var box = section.querySelector('.plot')
    var canvas = box.querySelector('.canvas')
    var say = box.querySelector('.say')
    var metric = control('metric').value
    var label = control('metric').selectedOptions[0].textContent
    var unit = UNITS[metric] || [1, 'ms']
    var branch = control('branch').value
    var runs = gate.runs.filter(function (run) { return branch === '' || run.branch === branch })
    var known = runs.filter(function (run) { return run.figures[metric] })
    if (plots[index]) plots[index].destroy()
    plots[index] = null
    box.hidden = section.hidden
    canvas.setAttribute('aria-label', label + ' of ' + gate.name + ' over ' + known.length + ' runs; arrow keys go from run to run, every number is in the table below')
    say.textContent = known.length === 0 ? 'No run has this figure.' : 'Arrow keys or the pointer go from run to run.'
    if (known.length === 0 || box.hidden) return
    var isLog = control('log').checked && metric !== 'error_rate'
    var hide = { show: true, stroke: 'transparent', width: 0, points: { show: false } }
    var plot = new uPlot({
      width: canvas.clientWidth || 600,
      height: 260,
      cursor: { drag: { x: false, y: false } },
      legend: { show: false },
      scales: { x: { time: true }, y: { distr: isLog ? 3 : 1, range: range(isLog) } },
      axes: [axis(), axis(label + ', ' + unit[1])],
      series: [
        {},
        { label: 'accepted', stroke: colour('accepted'), width: 2, spanGaps: true, points: { show: true, size: 6, fill: colour('accepted') } },
        Object.assign({ spanGaps: true }, hide),
        Object.assign({ spanGaps: true }, hide),
        Object.assign({}, hide),
        Object.assign({}, hide),
      ],
      bands: [{ series: [3, 2], fill: colour('band') }],
      hooks: {
        draw: [
          uprights(gate.epochs.map(function (epoch) { return epoch.at }), 'epoch', [5, 4]),
          uprights(runs.filter(function (run) { return run.step }).map(function (run) { return run.startedAt }), 'ink', [1.5, 4]),
          shapes,
        ],
        setCursor: [function (u) { if (u.cursor.idx != null) say.textContent = sentence(runs[u.cursor.idx], metric, unit) }],
      },
    }, columns(runs, metric, unit[0]), canvas)
    plots[index] = plot
    var at = runs.length
    canvas.onkeydown = function (event) {
      var step = { ArrowLeft: -1, ArrowRight: 1, Home: -runs.length, End: runs.length }[event.key]
      if (step === undefined) return
      event.preventDefault()
      at = Math.min(Math.max(at + step, 0), runs.length - 1)
      var y = (runs[at].figures[metric] || { value: 0 }).value * unit[0]
      plot.setCursor({ left: plot.valToPos(plot.data[0][at], 'x'), top: plot.valToPos(y, 'y') })
      say.textContent = sentence(runs[at], metric, unit)
    }
  }

  function apply() {
    var gate = control('gate').value
    var branch = control('branch').value
    sections.forEach(function (section, index) {
      section.hidden = gate !== '' && section.dataset.gate !== gate
      section.querySelectorAll('tbody tr').forEach(function (row) {
        row.hidden = branch !== '' && row.dataset.branch !== branch
      })
      draw(index)
    })
  }

  control('filters').hidden = false
  control('filters').addEventListener('change', apply)
  control('filters').addEventListener('submit', function (event) { event.preventDefault() })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply)
  new ResizeObserver(function () {
    plots.forEach(function (plot, index) {
      if (!plot) return
      var width = sections[index].querySelector('.canvas').clientWidth
      if (width > 0 && width !== plot.width) plot.setSize({ width: width, height: 260 })
    })
  }).observe(document.querySelector('main'))
  sections.forEach(function (section) { section.querySelector('.plot').hidden = false })
  apply()
})()
`
