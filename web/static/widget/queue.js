/** Requests in order, one at a time, each repeated until it succeeds or is refused. */

import { backoff } from './api.js';

/** A server that crashes on one message must not hold up all that follow. */
const CRASHES = 5;

export class TaskQueue {
  #tasks = [];
  #running = false;
  #failures = 0;
  #wake = null;
  /** Why everything waits right now: {problem, seconds}. */
  #held = null;

  /** `perform(task)` does it; `report(task, state, problem, seconds)` hears running, waiting, done and refused. */
  constructor(perform, report) {
    this.perform = perform;
    this.report = report;
    window.addEventListener('online', () => this.retryNow());
  }

  get tasks() {
    return [...this.#tasks];
  }

  /** Add a task; a second one of a kind that carries nothing is dropped. */
  push(task) {
    if (task.kind !== 'send' && this.#tasks.slice(1).some((other) => other.kind === task.kind)) return;
    this.#tasks.push(task);
    if (this.#held) this.report(task, 'waiting', this.#held.problem, this.#held.seconds);
    if (!this.#running) this.#run();
  }

  clear() {
    this.#tasks = [];
    this.#failures = 0;
    this.#wake?.();
  }

  /** Not where the server asked for the pause. */
  retryNow() {
    if (this.#wake && !this.#wake.asked) this.#wake();
  }

  async #run() {
    this.#running = true;
    while (this.#tasks.length) await this.#attempt(this.#tasks[0]);
    this.#running = false;
  }

  async #attempt(task) {
    try {
      this.report(task, 'running');
      await this.perform(task);
      this.#failures = 0;
      this.#finish(task, 'done');
    } catch (problem) {
      if (this.#tasks[0] !== task) return;
      if (this.#hopeless(task, problem)) return this.#finish(task, 'refused', problem);
      const seconds = Math.ceil(problem.retryAfter ?? backoff(this.#failures++));
      await this.#hold(problem, seconds);
    }
  }

  async #hold(problem, seconds) {
    this.#held = { problem, seconds };
    for (const task of this.#tasks) this.report(task, 'waiting', problem, seconds);
    await this.#pause(seconds, problem.status === 429);
    this.#held = null;
  }

  #hopeless(task, problem) {
    if (!problem.temporary) return true;
    task.crashes = (task.crashes ?? 0) + (problem.status === 500 ? 1 : 0);
    return task.crashes >= CRASHES;
  }

  #finish(task, state, problem) {
    if (this.#tasks[0] !== task) return;
    this.#tasks.shift();
    this.report(task, state, problem);
  }

  #pause(seconds, asked) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake(), seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      this.#wake.asked = asked;
    });
  }
}
