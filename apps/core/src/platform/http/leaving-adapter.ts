import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Fastify for Nest, which tells when the app begins to close: before any module is told, and waiting for the answer. */
export class LeavingAdapter extends FastifyAdapter {
  private leave: () => Promise<void> = () => Promise.resolve();

  onLeaving(leave: () => Promise<void>): void {
    this.leave = leave;
  }

  override async beforeClose(): Promise<void> {
    super.beforeClose();
    await this.leave();
  }
}
