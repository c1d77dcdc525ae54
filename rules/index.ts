import type { AnyRule } from '../src/core/rule.ts';
import changeBranchName from './change/branch-name.ts';
import changeBypassedHook from './change/bypassed-hook.ts';
import changeCaseCollision from './change/case-collision.ts';
import changeCommitMessage from './change/commit-message.ts';
import changeFileMode from './change/file-mode.ts';
import changeInvalidPathName from './change/invalid-path-name.ts';
import changeLargeFile from './change/large-file.ts';
import changeMergeCommit from './change/merge-commit.ts';
import changeMissingCompanion from './change/missing-companion.ts';
import changeMissingIssue from './change/missing-issue.ts';
import changeMissingSection from './change/missing-section.ts';
import changeNewSubmodule from './change/new-submodule.ts';
import changeReleaseVersion from './change/release-version.ts';
import changeSecretFile from './change/secret-file.ts';
import changeSymlinkEscape from './change/symlink-escape.ts';
import changeTooManyFiles from './change/too-many-files.ts';
import changeUndeclaredPath from './change/undeclared-path.ts';
import changeUnfinishedChecklist from './change/unfinished-checklist.ts';
import configAssertion from './config/assertion.ts';
import configRequiredCheck from './config/required-check.ts';
import configUndocumentedSecret from './config/undocumented-secret.ts';
import contentForbiddenImport from './content/forbidden-import.ts';
import contentForbiddenText from './content/forbidden-text.ts';
import contentHardcodedValue from './content/hardcoded-value.ts';
import contentRequiredText from './content/required-text.ts';
import docsBrokenLink from './docs/broken-link.ts';
import docsExpiredFile from './docs/expired-file.ts';
import docsForbiddenName from './docs/forbidden-name.ts';
import docsListDrift from './docs/list-drift.ts';
import docsProtectedFile from './docs/protected-file.ts';
import docsStraySameDayFile from './docs/stray-same-day-file.ts';
import docsTooManyFiles from './docs/too-many-files.ts';
import docsUnlistedFile from './docs/unlisted-file.ts';
import evidenceInvalidLog from './evidence/invalid-log.ts';
import evidenceMissingLog from './evidence/missing-log.ts';
import evidenceStaleHeartbeat from './evidence/stale-heartbeat.ts';
import migrationsClaimedVersion from './migrations/claimed-version.ts';
import migrationsDependentObjectBreaks from './migrations/dependent-object-breaks.ts';
import migrationsDuplicateVersion from './migrations/duplicate-version.ts';
import migrationsImplausibleVersion from './migrations/implausible-version.ts';
import migrationsInvalidMigrationFilename from './migrations/invalid-migration-filename.ts';
import migrationsJournalMismatch from './migrations/journal-mismatch.ts';
import migrationsMissingDependency from './migrations/missing-dependency.ts';
import migrationsMissingDownMigration from './migrations/missing-down-migration.ts';
import migrationsMixedWidthVersion from './migrations/mixed-width-version.ts';
import migrationsModifiedAppliedMigration from './migrations/modified-applied-migration.ts';
import migrationsObjectAlreadyDroppedOrRenamed from './migrations/object-already-dropped-or-renamed.ts';
import migrationsObjectCreatedLater from './migrations/object-created-later.ts';
import migrationsObjectCreatedTwice from './migrations/object-created-twice.ts';
import migrationsOutOfOrderVersion from './migrations/out-of-order-version.ts';
import migrationsVersionGap from './migrations/version-gap.ts';
import migrationsWorkThrownAway from './migrations/work-thrown-away.ts';
import ownershipCodeownersSyntax from './ownership/codeowners-syntax.ts';
import ownershipCodeownersUnmatched from './ownership/codeowners-unmatched.ts';
import ownershipCodeownersUnowned from './ownership/codeowners-unowned.ts';
import ownershipEntryFormat from './ownership/entry-format.ts';
import ownershipForeignFeedbackFile from './ownership/foreign-feedback-file.ts';
import ownershipForeignPath from './ownership/foreign-path.ts';
import ownershipIdentityMismatch from './ownership/identity-mismatch.ts';
import ownershipMissingEntry from './ownership/missing-entry.ts';
import ownershipRewrittenEntry from './ownership/rewritten-entry.ts';
import ownershipUnknownAuthor from './ownership/unknown-author.ts';
import policyExpiredAllow from './policy/expired-allow.ts';
import policyLoosened from './policy/loosened.ts';
import policyReasonlessAllow from './policy/reasonless-allow.ts';
import policyUnknownRule from './policy/unknown-rule.ts';
import policyUselessAllow from './policy/useless-allow.ts';
import secretsAgeKey from './secrets/age-key.ts';
import secretsAiServiceKey from './secrets/ai-service-key.ts';
import secretsAnthropicKey from './secrets/anthropic-key.ts';
import secretsAtlassianToken from './secrets/atlassian-token.ts';
import secretsAwsAccessKey from './secrets/aws-access-key.ts';
import secretsAzureKey from './secrets/azure-key.ts';
import secretsCiToken from './secrets/ci-token.ts';
import secretsCloudflareToken from './secrets/cloudflare-token.ts';
import secretsCustomFormat from './secrets/custom-format.ts';
import secretsDatabaseServiceKey from './secrets/database-service-key.ts';
import secretsDatabaseUrl from './secrets/database-url.ts';
import secretsDigitaloceanToken from './secrets/digitalocean-token.ts';
import secretsDiscordToken from './secrets/discord-token.ts';
import secretsDockerToken from './secrets/docker-token.ts';
import secretsGenericSecret from './secrets/generic-secret.ts';
import secretsGithubToken from './secrets/github-token.ts';
import secretsGitlabToken from './secrets/gitlab-token.ts';
import secretsGoogleApiKey from './secrets/google-api-key.ts';
import secretsGoogleOauth from './secrets/google-oauth.ts';
import secretsGoogleServiceAccount from './secrets/google-service-account.ts';
import secretsGrafanaToken from './secrets/grafana-token.ts';
import secretsHerokuKey from './secrets/heroku-key.ts';
import secretsHighEntropyString from './secrets/high-entropy-string.ts';
import secretsHostingToken from './secrets/hosting-token.ts';
import secretsHuggingfaceToken from './secrets/huggingface-token.ts';
import secretsIdentityProviderKey from './secrets/identity-provider-key.ts';
import secretsInlineLogin from './secrets/inline-login.ts';
import secretsKubernetesSecret from './secrets/kubernetes-secret.ts';
import secretsMailServiceKey from './secrets/mail-service-key.ts';
import secretsMonitoringKey from './secrets/monitoring-key.ts';
import secretsNpmToken from './secrets/npm-token.ts';
import secretsOpenaiKey from './secrets/openai-key.ts';
import secretsPackageRegistryToken from './secrets/package-registry-token.ts';
import secretsPasswordHash from './secrets/password-hash.ts';
import secretsPaymentKey from './secrets/payment-key.ts';
import secretsPrivateKey from './secrets/private-key.ts';
import secretsPypiToken from './secrets/pypi-token.ts';
import secretsSendgridKey from './secrets/sendgrid-key.ts';
import secretsSentryToken from './secrets/sentry-token.ts';
import secretsShopifyToken from './secrets/shopify-token.ts';
import secretsSignedToken from './secrets/signed-token.ts';
import secretsSlackToken from './secrets/slack-token.ts';
import secretsSlackWebhook from './secrets/slack-webhook.ts';
import secretsStripeKey from './secrets/stripe-key.ts';
import secretsSupabaseAccessToken from './secrets/supabase-access-token.ts';
import secretsSupabaseServiceRole from './secrets/supabase-service-role.ts';
import secretsTeamsWebhook from './secrets/teams-webhook.ts';
import secretsTelegramToken from './secrets/telegram-token.ts';
import secretsTwilioKey from './secrets/twilio-key.ts';
import secretsVaultToken from './secrets/vault-token.ts';
import secretsVercelToken from './secrets/vercel-token.ts';
import secretsWalletKey from './secrets/wallet-key.ts';
import secretsWebhookUrl from './secrets/webhook-url.ts';
import secretsWorkspaceToken from './secrets/workspace-token.ts';
import sqlAddConstraintWithoutGuard from './sql/add-constraint-without-guard.ts';
import sqlAddingJsonColumn from './sql/adding-json-column.ts';
import sqlAddingRequiredField from './sql/adding-required-field.ts';
import sqlColumnDefaultChange from './sql/column-default-change.ts';
import sqlCombineAlterTable from './sql/combine-alter-table.ts';
import sqlConcurrentIndexInvalidOnRetry from './sql/concurrent-index-invalid-on-retry.ts';
import sqlConcurrentIndexOnPartitionedParent from './sql/concurrent-index-on-partitioned-parent.ts';
import sqlCreatePolicyWithoutDrop from './sql/create-policy-without-drop.ts';
import sqlCreateTriggerWithoutReplace from './sql/create-trigger-without-replace.ts';
import sqlCreateTypeWithoutGuard from './sql/create-type-without-guard.ts';
import sqlCreateUnloggedTable from './sql/create-unlogged-table.ts';
import sqlCreateWithoutIfNotExists from './sql/create-without-if-not-exists.ts';
import sqlCreateWithoutOrReplace from './sql/create-without-or-replace.ts';
import sqlDataInSchemaMigration from './sql/data-in-schema-migration.ts';
import sqlDifferentSecondRun from './sql/different-second-run.ts';
import sqlDisableTrigger from './sql/disable-trigger.ts';
import sqlDmlWithoutWhere from './sql/dml-without-where.ts';
import sqlDropCascade from './sql/drop-cascade.ts';
import sqlDropColumn from './sql/drop-column.ts';
import sqlDropColumnRemovesConstraint from './sql/drop-column-removes-constraint.ts';
import sqlDropConstraint from './sql/drop-constraint.ts';
import sqlDropNotNull from './sql/drop-not-null.ts';
import sqlDropProgrammableObject from './sql/drop-programmable-object.ts';
import sqlDropSchemaOrDatabase from './sql/drop-schema-or-database.ts';
import sqlDropTable from './sql/drop-table.ts';
import sqlDropWithoutIfExists from './sql/drop-without-if-exists.ts';
import sqlEnumValueUsedInSameTransaction from './sql/enum-value-used-in-same-transaction.ts';
import sqlIfNotExistsHidesDrift from './sql/if-not-exists-hides-drift.ts';
import sqlInsertWithoutColumns from './sql/insert-without-columns.ts';
import sqlInsertWithoutConflictClause from './sql/insert-without-conflict-clause.ts';
import sqlMismatchedForeignKeyType from './sql/mismatched-foreign-key-type.ts';
import sqlNarrowingColumnType from './sql/narrowing-column-type.ts';
import sqlNoTransactionStatementInTransaction from './sql/no-transaction-statement-in-transaction.ts';
import sqlNonIdempotentDml from './sql/non-idempotent-dml.ts';
import sqlRenameWithoutGuard from './sql/rename-without-guard.ts';
import sqlRenamingColumn from './sql/renaming-column.ts';
import sqlRenamingEnumValue from './sql/renaming-enum-value.ts';
import sqlRenamingSchemaOrMovingObject from './sql/renaming-schema-or-moving-object.ts';
import sqlRenamingTable from './sql/renaming-table.ts';
import sqlSetTransactionAfterQuery from './sql/set-transaction-after-query.ts';
import sqlSyntaxError from './sql/syntax-error.ts';
import sqlTransactionControlInManagedMigration from './sql/transaction-control-in-managed-migration.ts';
import sqlTruncate from './sql/truncate.ts';
import sqlUnanalyzableSql from './sql/unanalyzable-sql.ts';
import sqlUnclosedTransaction from './sql/unclosed-transaction.ts';
import sqlUniqueIndexOnExistingData from './sql/unique-index-on-existing-data.ts';
import sqlUnnamedObjectAccumulates from './sql/unnamed-object-accumulates.ts';
import sqlUnsupportedGuardSyntax from './sql/unsupported-guard-syntax.ts';
import sqlVolatileCheckConstraint from './sql/volatile-check-constraint.ts';

/** The catalogue: every rule there is, in order of id. A test holds it to the folder. */
export const rules: readonly AnyRule[] = [
  changeBranchName,
  changeBypassedHook,
  changeCaseCollision,
  changeCommitMessage,
  changeFileMode,
  changeInvalidPathName,
  changeLargeFile,
  changeMergeCommit,
  changeMissingCompanion,
  changeMissingIssue,
  changeMissingSection,
  changeNewSubmodule,
  changeReleaseVersion,
  changeSecretFile,
  changeSymlinkEscape,
  changeTooManyFiles,
  changeUndeclaredPath,
  changeUnfinishedChecklist,
  configAssertion,
  configRequiredCheck,
  configUndocumentedSecret,
  contentForbiddenImport,
  contentForbiddenText,
  contentHardcodedValue,
  contentRequiredText,
  docsBrokenLink,
  docsExpiredFile,
  docsForbiddenName,
  docsListDrift,
  docsProtectedFile,
  docsStraySameDayFile,
  docsTooManyFiles,
  docsUnlistedFile,
  evidenceInvalidLog,
  evidenceMissingLog,
  evidenceStaleHeartbeat,
  migrationsClaimedVersion,
  migrationsDependentObjectBreaks,
  migrationsDuplicateVersion,
  migrationsImplausibleVersion,
  migrationsInvalidMigrationFilename,
  migrationsJournalMismatch,
  migrationsMissingDependency,
  migrationsMissingDownMigration,
  migrationsMixedWidthVersion,
  migrationsModifiedAppliedMigration,
  migrationsObjectAlreadyDroppedOrRenamed,
  migrationsObjectCreatedLater,
  migrationsObjectCreatedTwice,
  migrationsOutOfOrderVersion,
  migrationsVersionGap,
  migrationsWorkThrownAway,
  ownershipCodeownersSyntax,
  ownershipCodeownersUnmatched,
  ownershipCodeownersUnowned,
  ownershipEntryFormat,
  ownershipForeignFeedbackFile,
  ownershipForeignPath,
  ownershipIdentityMismatch,
  ownershipMissingEntry,
  ownershipRewrittenEntry,
  ownershipUnknownAuthor,
  policyExpiredAllow,
  policyLoosened,
  policyReasonlessAllow,
  policyUnknownRule,
  policyUselessAllow,
  secretsAgeKey,
  secretsAiServiceKey,
  secretsAnthropicKey,
  secretsAtlassianToken,
  secretsAwsAccessKey,
  secretsAzureKey,
  secretsCiToken,
  secretsCloudflareToken,
  secretsCustomFormat,
  secretsDatabaseServiceKey,
  secretsDatabaseUrl,
  secretsDigitaloceanToken,
  secretsDiscordToken,
  secretsDockerToken,
  secretsGenericSecret,
  secretsGithubToken,
  secretsGitlabToken,
  secretsGoogleApiKey,
  secretsGoogleOauth,
  secretsGoogleServiceAccount,
  secretsGrafanaToken,
  secretsHerokuKey,
  secretsHighEntropyString,
  secretsHostingToken,
  secretsHuggingfaceToken,
  secretsIdentityProviderKey,
  secretsInlineLogin,
  secretsKubernetesSecret,
  secretsMailServiceKey,
  secretsMonitoringKey,
  secretsNpmToken,
  secretsOpenaiKey,
  secretsPackageRegistryToken,
  secretsPasswordHash,
  secretsPaymentKey,
  secretsPrivateKey,
  secretsPypiToken,
  secretsSendgridKey,
  secretsSentryToken,
  secretsShopifyToken,
  secretsSignedToken,
  secretsSlackToken,
  secretsSlackWebhook,
  secretsStripeKey,
  secretsSupabaseAccessToken,
  secretsSupabaseServiceRole,
  secretsTeamsWebhook,
  secretsTelegramToken,
  secretsTwilioKey,
  secretsVaultToken,
  secretsVercelToken,
  secretsWalletKey,
  secretsWebhookUrl,
  secretsWorkspaceToken,
  sqlAddConstraintWithoutGuard,
  sqlAddingJsonColumn,
  sqlAddingRequiredField,
  sqlColumnDefaultChange,
  sqlCombineAlterTable,
  sqlConcurrentIndexInvalidOnRetry,
  sqlConcurrentIndexOnPartitionedParent,
  sqlCreatePolicyWithoutDrop,
  sqlCreateTriggerWithoutReplace,
  sqlCreateTypeWithoutGuard,
  sqlCreateUnloggedTable,
  sqlCreateWithoutIfNotExists,
  sqlCreateWithoutOrReplace,
  sqlDataInSchemaMigration,
  sqlDifferentSecondRun,
  sqlDisableTrigger,
  sqlDmlWithoutWhere,
  sqlDropCascade,
  sqlDropColumn,
  sqlDropColumnRemovesConstraint,
  sqlDropConstraint,
  sqlDropNotNull,
  sqlDropProgrammableObject,
  sqlDropSchemaOrDatabase,
  sqlDropTable,
  sqlDropWithoutIfExists,
  sqlEnumValueUsedInSameTransaction,
  sqlIfNotExistsHidesDrift,
  sqlInsertWithoutColumns,
  sqlInsertWithoutConflictClause,
  sqlMismatchedForeignKeyType,
  sqlNarrowingColumnType,
  sqlNoTransactionStatementInTransaction,
  sqlNonIdempotentDml,
  sqlRenameWithoutGuard,
  sqlRenamingColumn,
  sqlRenamingEnumValue,
  sqlRenamingSchemaOrMovingObject,
  sqlRenamingTable,
  sqlSetTransactionAfterQuery,
  sqlSyntaxError,
  sqlTransactionControlInManagedMigration,
  sqlTruncate,
  sqlUnanalyzableSql,
  sqlUnclosedTransaction,
  sqlUniqueIndexOnExistingData,
  sqlUnnamedObjectAccumulates,
  sqlUnsupportedGuardSyntax,
  sqlVolatileCheckConstraint,
];
