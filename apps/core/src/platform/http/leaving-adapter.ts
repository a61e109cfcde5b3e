import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Fastify for Nest, which tells when the app begins to close: before any module is told, and waiting for the answer. */
export class LeavingAdapter extends FastifyAdapter {
  private leave: () => Promise<void> = () => Promise.resolve();

  onLeaving(leave: () => Promise<void>): void {
    this.leave = leave;
  }

  // The type says that nothing is returned, but Nest waits for what is.
  // oxlint-disable-next-line typescript/no-misused-promises
  override async beforeClose(): Promise<void> {
    super.beforeClose();
    await this.leave();
  }
}
