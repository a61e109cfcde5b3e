-- AlterTable
ALTER TABLE "database_servers" ADD COLUMN     "parameters" TEXT NOT NULL DEFAULT '';
