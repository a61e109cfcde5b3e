-- AlterTable
ALTER TABLE "invoices" ADD COLUMN     "discounts_from" TEXT;
