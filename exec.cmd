@rem package.json starts its scripts with "exec", so that signals to npm reach them on POSIX; here, exec runs its arguments.
@%*
