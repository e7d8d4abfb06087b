using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Warp.Node.Configuration;

namespace Warp.Node.Http.Access;

/// <summary>
/// Keeps one caller from taking the node's time from all others: a bucket of requests for each identity, and for each address of those that have proven none. The Unix socket is not limited,
/// because its user could as well end the process, nor are the probes, so that nobody makes a node look dead.
/// </summary>
internal static class RateLimits
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public static void AddTo(IServiceCollection services, RateLimitSettings settings) => services.AddRateLimiter(options =>
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PartitionOf(context, settings));
        options.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected, settings));
    });

    private static RateLimitPartition<string> PartitionOf(HttpContext context, RateLimitSettings settings) =>
        settings.RequestsPerSecond == 0 || Listeners.LocalUser(context) is not null || RequiredAccess.Of(context).Level == AccessLevel.Anyone
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(WhoCalls(context), _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = settings.Burst,
                TokensPerPeriod = settings.RequestsPerSecond,
                ReplenishmentPeriod = Period,
                QueueLimit = 0,
            });

    private static string WhoCalls(HttpContext context) => Caller.Behind(context)?.Name ?? $"{context.Connection.RemoteIpAddress}";

    private static Task RefuseAsync(OnRejectedContext rejected, RateLimitSettings settings)
    {
        var context = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return Problem.TooManyRequests(string.Create(
            CultureInfo.InvariantCulture,
            $"{WhoCalls(context)} may ask this node {settings.RequestsPerSecond} times a second, and {settings.Burst} times at once; ask again in {wait} s, less often, or another node. The limit is {SettingKeys.RequestsPerSecond} and {SettingKeys.RequestBurst}"))
            .ToResult().ExecuteAsync(context);
    }
}
